"""The workflows hold no key, ask for no right they don't use, and run no action that could change under them."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from local.emulator import ROOT

WORKFLOWS = sorted((ROOT / ".github" / "workflows").glob("*.yml"))
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
        allowed = {"contents": "read"} | ({"id-token": "write"} if name == "deploy" else {})
        assert job["permissions"] == allowed, name


def test_what_the_workflows_run_are_targets_of_the_makefile(workflow: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+(?: [a-z-]+)*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    known = {name for names in targets for name in names.split()}
    commands = re.findall(r"run: make (\S+)", workflow.read_text())
    assert commands
    assert set(commands) <= known
