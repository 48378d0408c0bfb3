"""The workflows hold no key, ask for no permission that they don't use, and pin every action by its hash."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.emulator import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
# Jobs that ask AWS for a role.
DEPLOYING = {"deploy", "staging", "production"}
PINNED = re.compile(r"uses: (\./\S+|[\w-]+/[\w./-]+@[0-9a-f]{40} # v[0-9.]+)")


@pytest.fixture(params=WORKFLOWS, ids=lambda path: path.name)
def workflow(request: pytest.FixtureRequest) -> Path:
    path: Path = request.param
    return path


def test_every_action_is_pinned_by_hash(workflow: Path) -> None:
    used = [line.strip().removeprefix("- ") for line in workflow.read_text().splitlines() if "uses:" in line]
    assert used
    assert [line for line in used if not PINNED.fullmatch(line)] == []


def test_rights_are_given_job_by_job(workflow: Path) -> None:
    parsed: dict[str, Any] = yaml.safe_load(workflow.read_text())
    assert parsed["permissions"] == {}
    for name, job in parsed["jobs"].items():
        allowed = {"contents": "read"} | ({"id-token": "write"} if name in DEPLOYING else {})
        assert job["permissions"] == allowed, name


def test_what_the_workflows_run_are_targets_of_the_makefile(workflow: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+(?: [a-z-]+)*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    known = {name for names in targets for name in names.split()}
    commands = re.findall(r"run: make (\S+)", workflow.read_text())
    assert commands or "uses: ./.github/workflows/" in workflow.read_text()
    assert set(commands) <= known


def test_production_follows_a_staging_that_is_well_or_not_wanted() -> None:
    jobs = yaml.safe_load((ROOT / ".github" / "workflows" / "deploy.yml").read_text())["jobs"]
    assert jobs["production"]["needs"] == ["test", "staging"]
    assert "needs.staging.result != 'failure'" in jobs["production"]["if"]
    assert {each["with"]["environment"] for each in jobs.values() if "with" in each} == {"staging", "production"}


def test_an_environment_is_checked_after_its_deployment() -> None:
    steps = yaml.safe_load((ROOT / ".github" / "workflows" / "environment.yml").read_text())["jobs"]["deploy"]["steps"]
    assert [step["run"] for step in steps if "run" in step] == ["make deploy", "make doctor"]
