"""locks/*.txt hold what pyproject.toml asks for, with hashes, and the tests run on the versions that ship."""

import re
import subprocess
import tomllib
from collections.abc import Iterator
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

from artefacts.package import ROOT, function_names

LOCKS = {path.stem: path for path in (ROOT / "locks").glob("*.txt")}
GROUPS: dict[str, list[Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["dependency-groups"]
LOCKED = re.compile(r"^([a-z0-9._-]+)(?:\[[a-z0-9,._-]+\])?==([^ ;\\]+)", re.MULTILINE)
# Makefile's OVERRIDES: aiogram gets the functions' pydantic, though it asks for an older one.
OVERRIDDEN = {("aiogram", "pydantic"), ("soundfile", "cffi"), ("soundfile", "numpy")}


def requirements(group: str) -> Iterator[Requirement]:
    for each in GROUPS[group]:
        if isinstance(each, dict):
            yield from requirements(each["include-group"])
        else:
            yield Requirement(each)


def included(group: str) -> set[str]:
    return {each["include-group"] for each in GROUPS[group] if isinstance(each, dict)}


def locked(path: Path) -> dict[str, set[Version]]:
    """A package stands there twice where two versions of Python need different ones."""
    found: dict[str, set[Version]] = {}
    for name, version in LOCKED.findall(path.read_text(encoding="utf-8")):
        found.setdefault(name, set()).add(Version(version))
    return found


def test_every_group_has_a_lock_or_is_part_of_one_that_has() -> None:
    assert set(GROUPS) == set(LOCKS) | included("dev")
    assert set(function_names()) <= set(LOCKS)


@pytest.mark.parametrize("group", sorted(LOCKS))
def test_a_lock_holds_every_requirement_of_its_group_in_a_version_it_allows(group: str) -> None:
    versions = locked(LOCKS[group])
    for requirement in requirements(group):
        found = versions.get(canonicalize_name(requirement.name))
        assert found, f"{requirement.name}: `make lock`"
        assert all(requirement.specifier.contains(version) for version in found), f"{requirement}: `make lock`"


@pytest.mark.parametrize("group", sorted(LOCKS))
def test_everything_in_a_lock_has_a_hash(group: str) -> None:
    entries = re.split(r"^(?=[a-z0-9])", LOCKS[group].read_text(encoding="utf-8"), flags=re.MULTILINE)[1:]
    assert len(entries) == sum(map(len, locked(LOCKS[group]).values()))
    assert [entry for entry in entries if "--hash=sha256:" not in entry] == []


@pytest.mark.parametrize("group", [*function_names(), "naive"])
def test_the_tested_versions_are_those_that_ship(group: str) -> None:
    tested = locked(LOCKS["dev"])
    for name, versions in locked(LOCKS[group]).items():
        assert versions == tested.get(name, versions), name


@pytest.mark.parametrize("name", function_names())
def test_the_tests_environment_has_all_that_a_function_ships_with(name: str) -> None:
    assert set(locked(LOCKS[name])) <= set(locked(LOCKS["dev"]))


def test_make_lock_writes_every_lock() -> None:
    commands = subprocess.run(["make", "-n", "lock"], cwd=ROOT, check=True, capture_output=True, text=True).stdout
    assert set(LOCKS) <= set(re.findall(r"[a-z_]+", commands))


def test_no_installed_package_is_at_odds_with_another_but_the_overridden() -> None:
    """Locks are installed with --no-deps, so the installer does not look."""
    installed = {canonicalize_name(each.name): each for each in distributions()}
    at_odds = {
        (name, requirement.name)
        for name, each in installed.items()
        for requirement in map(Requirement, each.requires or [])
        if requirement.marker is None or requirement.marker.evaluate({"extra": ""})
        if (found := installed.get(canonicalize_name(requirement.name))) is None
        or not requirement.specifier.contains(found.version, prereleases=True)
    }
    assert at_odds == OVERRIDDEN
