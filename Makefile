# `make run` starts the product, `make test` checks it; each sets up what it needs first.
SHELL := /bin/bash
.DEFAULT_GOAL := help
PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.14 python3.11 python3,$(if $(shell $(p) -c 'import sys; print(sys.version_info >= (3, 11) or "")' 2>/dev/null | grep True),$(p))))
UV := .venv/bin/uv
PY := .venv/bin/python
# Many container images set it. Then every process that starts compiles all that it imports: 6 s of CPU for each of the
# tests' workers, 3 s for each start of `make run`.
unexport PYTHONDONTWRITEBYTECODE
FUNCTIONS := webhook webapp_select llm_reply card_files analytics
# A release must have been public for this long: most stolen accounts are noticed within days.
COOLDOWN ?= 3 days
COMPILE = $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-annotate --no-header \
	--upgrade --exclude-newer "$(COOLDOWN)"
# aiogram, the judge of the Telegram simulator, refuses any pydantic newer than itself. It gets the functions' version
# all the same: tests/simulator shows whether it works.
OVERRIDES := pydantic

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

run: .venv/ready .venv-emulator/ready ## the whole product on this machine: http://localhost:8000/chat
	@exec $(PY) -m local $(ARGS)

# tests/artefact, tests/deploy and tests/deployment use SAM, and ARGS without a folder may mean those too.
SAM_TESTS = $(if $(findstring tests/,$(ARGS)),$(findstring tests/artefact,$(ARGS))$(findstring tests/deploy,$(ARGS)),all)
# In the same way, tests/real_model uses llama.cpp and a small model: 120 MB.
MODEL_TESTS = $(if $(findstring tests/,$(ARGS)),$(findstring tests/real_model,$(ARGS)),all)

test: .venv/ready .venv-emulator/ready $(if $(MODEL_TESTS),.venv-llamacpp/ready) $(if $(ARGS),$(if $(SAM_TESTS),.venv-sam/ready),check) ## `make check` and every test; ARGS="tests/unit -k card": only those
	$(PY) -m local.browser
	$(PY) -m pytest $(or $(ARGS),-n auto) $(if $(COVERAGE),--cov)

coverage: COVERAGE := 1
coverage: test ## as `make test`, and which lines and branches of functions/ and troupe/ no test reaches

audit: audit-workflows audit-locks ## look for risks in the workflows and for known vulnerabilities in the locks

audit-workflows: .venv-audit/ready
	.venv-audit/bin/zizmor --offline --pedantic .

audit-locks: .venv-audit/ready
	@failed=; for lock in locks/*.txt; do echo "$$lock"; \
		.venv-audit/bin/pip-audit --strict --disable-pip --require-hashes -r $$lock || failed="$$failed $$lock"; \
	done; test -z "$$failed" || { echo "Vulnerable or not audited:$$failed" >&2; exit 1; }

screenshots: .venv/ready .venv-emulator/ready ## take the README's pictures again
	$(PY) -m local.browser
	$(PY) -m tests.story.screenshots

check: .venv/ready .venv-sam/ready .venv-checkov/ready ## format, lint, types, arrows, template
	@$(MAKE) --no-print-directory -j2 check-code check-template

check-code: .venv/ready
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy
	.venv/bin/lint-imports

check-template: .venv-sam/ready .venv-checkov/ready
	AWS_DEFAULT_REGION=us-east-1 .venv-sam/bin/cfn-lint
	.venv-checkov/bin/checkov --config-file .checkov.yaml

format: .venv/ready ## let the formatter and the linter mend what they can
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

lock: .venv/ready ## newer versions into locks/, none younger than COOLDOWN="3 days"
	@set -e; product=$$(mktemp); trap 'rm "$$product"' EXIT; \
	$(COMPILE) $(FUNCTIONS:%=--group %) -o "$$product"; \
	for g in $(FUNCTIONS) naive runtime; do $(COMPILE) --group $$g -c "$$product" -o locks/$$g.txt; done; \
	echo $(OVERRIDES) | $(COMPILE) --group dev -c "$$product" --overrides /dev/stdin -o locks/dev.txt; \
	for g in emulator sam checkov audit llamacpp; do $(COMPILE) --group $$g -o locks/$$g.txt; done

chaos: .venv/ready .venv-emulator/ready ## kill, cut and slow parts of it under load: docs/reliability.md
	@$(PY) -m local.chaos $(ARGS)

fuzz: .venv/ready .venv-emulator/ready ## what nobody should send, 50,000 times: docs/security.md
	@$(PY) -m local.fuzz $(ARGS)

bench: .venv/ready .venv-emulator/ready ## measure how fast it is, on this machine: docs/performance.md
	@$(PY) -m bench $(ARGS)

cost: .venv/ready .venv-emulator/ready ## count what a thousand turns cost: docs/performance.md
	@$(PY) -m bench.costing

simulate: .venv/ready ## how long people wait at a million a day: docs/scale.md
	@$(PY) -m bench.scale
	@$(PY) -m bench.strangers

build: .venv/ready ## the functions' packages for Lambda, with their sizes, in .artefacts/
	@$(PY) -m artefacts $(ARGS)

# `sam build` calls this target once per function. BUILD="--platform host" makes them for this machine: sam local invoke.
build-%: .venv/ready
	@$(PY) -m artefacts $* --into "$(ARTIFACTS_DIR)" $(BUILD)

deploy: .venv/ready .venv-sam/ready ## into your AWS account, or up to date there; guided the first time
	@$(PY) -m deploy $(ARGS)

secrets site cast webhook doctor logs redrive destroy: .venv/ready
	@$(PY) -m deploy.$@ $(ARGS)

secrets: ## ask for the keys, check them, keep them in SSM
site: ## upload the picker
cast: ## load the characters
webhook: ## tell Telegram where updates go, and what the bot looks like
doctor: ## check a live stack from inside and outside
logs: ## what the functions of a live stack say
redrive: ## dead letters back to work
destroy: ## take the stack away; says what stays

sam-local: .venv/ready .venv-sam/ready ## packages and env.json for `sam local invoke`
	@$(PY) -m local.sam_local

.PHONY: deploy secrets site cast webhook doctor logs redrive destroy sam-local

.venv/ready: locks/dev.txt
	@$(call make_venv,.venv,locks/dev.txt)

.venv-%/ready: locks/%.txt .venv/ready
	@$(call make_venv,.venv-$*,$<)

define make_venv
	test -n "$(PYTHON)" || { echo "Python 3.11 or newer is needed and none was found: install it, or name one with PYTHON=..." >&2; exit 1; }; \
	echo "Setting up $(1) with $(PYTHON) ..."; \
	rm -rf $(1); \
	$(PYTHON) -m venv $(1) || { echo "This Python cannot make a virtual environment: install its venv module (Debian: python3-venv)." >&2; exit 1; }; \
	if [ ! -x $(UV) ]; then sed -n '/^uv==/,/[^\\]$$/p' locks/dev.txt > $(1)/uv.txt && \
		.venv/bin/pip install -q --disable-pip-version-check --require-hashes -r $(1)/uv.txt || exit 1; fi; \
	$(UV) pip install -q --python $(1)/bin/python --require-hashes --no-deps -r $(2) || exit 1; \
	touch $(1)/ready
endef

.PHONY: help run test coverage check check-code check-template format lock audit audit-workflows audit-locks build screenshots chaos bench cost simulate
