"""Spreads the tests over the machine's cores when pytest is called with `-n auto`: by file, the longest first."""

import gc
import os
import sys

import pytest
from hypothesis import HealthCheck, settings
from xdist.remote import Producer
from xdist.scheduler import LoadScopeScheduling

from artefacts.interpreter import find_interpreter
from artefacts.target import LAMBDA

# What goes to one worker as a whole, beside single files.
TOGETHER = {
    # They share a start that takes longer than the tests.
    "tests/artefact/": "packages",
    "tests/real_model/": "real model",
    # `sam build` writes .aws-sam/build.toml, wherever it puts the packages.
    "tests/deploy/test_deploy.py": "sam build",
    "tests/deployment/test_rehearsal.py": "sam build",
}
# A worker that takes one of these at the end would leave the others idle.
LONGEST = (
    "tests/chaos/test_storm.py",
    "sam build",
    "tests/chaos/test_fault_points.py",
    "packages",
    "real model",
    "tests/story/test_running.py",
    "tests/integration/test_turn_properties.py",
)
# A worker's first test here starts the whole product, which polls its queues and streams until the worker ends.
LAST = "tests/integration"
# No deadline, and no complaint of slowness: a busy machine proves nothing about a property.
settings.register_profile("dev", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile("ci", settings.get_profile("dev"), max_examples=150, print_blob=True)
settings.load_profile("ci" if os.environ.get("CI") else "dev")


class ByFile(LoadScopeScheduling):  # type: ignore[misc]  # xdist ships no types
    def _split_scope(self, nodeid: str) -> str:
        return unit_of(nodeid)


def unit_of(nodeid: str) -> str:
    """The name of what one worker takes as a whole."""
    file = nodeid.partition("::")[0]
    return next((unit for start, unit in TOGETHER.items() if file.startswith(start)), file)


def place(item: pytest.Item) -> tuple[int, bool]:
    unit = unit_of(item.nodeid)
    return LONGEST.index(unit) if unit in LONGEST else len(LONGEST), unit.startswith(LAST)


def pytest_xdist_auto_num_workers() -> int:
    """More than cores, because most of the slow tests wait."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return 2 * cores + 1


def pytest_xdist_make_scheduler(config: pytest.Config, log: Producer) -> LoadScopeScheduling:
    config.option.loadscopereorder = False
    return ByFile(config, log)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    if hasattr(config, "workerinput"):
        items.sort(key=place)


def pytest_collection_finish() -> None:
    """All modules and tests live until the process ends, so the garbage collector need not go through them."""
    gc.freeze()


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Here and not in tests/artefact, whose conftest.py only the workers read."""
    packaged = any(report.nodeid.startswith("tests/artefact/") for report in terminalreporter.stats.get("passed", ()))
    if packaged and not find_interpreter(LAMBDA.python):
        terminalreporter.section("packages")
        terminalreporter.line(
            f"There is no Python {LAMBDA.python} here: the packages were built for and tested on "
            f"{sys.version_info.major}.{sys.version_info.minor}."
        )
