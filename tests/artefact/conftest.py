"""The functions' packages, built once for this machine, and the product running out of them."""

import itertools
from collections.abc import AsyncIterator
from pathlib import Path

import aiohttp
import pytest
import pytest_asyncio

from artefacts.package import function_names, make_package
from artefacts.target import this_machine
from local.stack import Stack
from tests.artefact.runtime import Python, Runtime
from tests.artefact.stack import packaged_stack
from tests.integration.guest import Guest

ids = itertools.count(900_001)
PYTHON = Python.closest()


@pytest.fixture(scope="session")
def packages(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("packages")
    for function in function_names():
        make_package(function, folder / function, this_machine(PYTHON.version))
    return folder


@pytest.fixture(scope="session")
def runtime(tmp_path_factory: pytest.TempPathFactory) -> Runtime:
    return Runtime.install(tmp_path_factory.mktemp("runtime"), PYTHON)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stack(packages: Path, runtime: Runtime, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Stack]:
    async with packaged_stack(packages, runtime, tmp_path_factory.mktemp("logs")) as running:
        yield running


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def guest(stack: Stack) -> AsyncIterator[Guest]:
    async with aiohttp.ClientSession() as http:
        yield Guest(stack.simulator.user(next(ids), "Anna", "Karenina", "anna", "en"), stack, http)
