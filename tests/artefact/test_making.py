"""A build names the tools that it misses."""

import subprocess
import sys
from pathlib import Path

import pytest

from artefacts.dependencies import LOCKS
from artefacts.failure import BuildError
from artefacts.interpreter import find_interpreter, interpreter
from artefacts.package import ROOT, function_names, function_of, make_package
from artefacts.target import this_machine
from artefacts.trimming import SERVICES, trim
from local.template import read_template
from tests.artefact.conftest import PYTHON

OURS = f"{sys.version_info.major}.{sys.version_info.minor}"


def make(*arguments: str) -> tuple[int, str]:
    command = [sys.executable, "-m", "artefacts", *arguments]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    return done.returncode, done.stderr.strip()


def test_every_function_of_the_template_has_its_package_lock_and_services() -> None:
    built = sorted(function_of(function.logical_id) for function in read_template(ROOT / "template.yaml").functions)
    assert built == function_names() == sorted(SERVICES)
    assert all((ROOT / "locks" / f"{name}.txt").exists() for name in built)


def test_a_function_that_is_not_there_is_named_beside_those_that_are() -> None:
    known = "analytics, card_files, llm_reply, webapp_select, webhook"
    assert make("NobodyFunction") == (1, f"There is no function NobodyFunction; there are {known}.")


def test_dependencies_that_can_not_be_had_stop_the_build_and_uv_says_why(tmp_path: Path) -> None:
    status, said = make("webhook", "--into", str(tmp_path), "--platform", "abacus")
    assert status == 1
    assert said.startswith("The dependencies in locks/webhook.txt can't be installed:")
    assert "abacus" in said


@pytest.mark.timeout(1200)
@pytest.mark.usefixtures("packages")
def test_dependencies_are_installed_again_only_when_their_lock_changes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # uv has no way to a wheel.
    monkeypatch.setenv("UV_OFFLINE", "1")
    monkeypatch.setenv("UV_CACHE_DIR", str(tmp_path / "empty"))
    make_package("analytics", tmp_path / "same", this_machine(PYTHON.version))
    lock = (LOCKS / "analytics.txt").read_text(encoding="utf-8")
    (tmp_path / "analytics.txt").write_text(f"{lock}# changed\n", encoding="utf-8")
    monkeypatch.setattr("artefacts.dependencies.LOCKS", tmp_path)

    with pytest.raises(BuildError, match=r"The dependencies in locks/analytics.txt can't be installed"):
        make_package("analytics", tmp_path / "changed", this_machine(PYTHON.version))


def test_a_python_that_is_nowhere_stops_the_build_with_advice(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("UV_PYTHON_DOWNLOADS", "never")
    with pytest.raises(BuildError, match=r"Python 3\.99 is needed .* PYTHON399=/path/to/python"):
        interpreter("3.99")


def test_a_shim_with_nothing_behind_it_is_passed_over(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shim = tmp_path / "python"
    shim.write_text("#!/bin/sh\nexit 127\n", encoding="ascii")
    shim.chmod(0o755)
    monkeypatch.setenv(f"PYTHON{OURS.replace('.', '')}", str(shim))
    assert find_interpreter(OURS) == Path(sys.executable)


def test_a_function_whose_services_nobody_named_is_not_trimmed_blindly(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"trimming\.py which AWS services newcomer calls"):
        trim(tmp_path, "newcomer")
