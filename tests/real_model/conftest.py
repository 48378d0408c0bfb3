"""A model server that nobody here wrote, and the product as `make run` starts it in front of it."""

import subprocess
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

import aiohttp
import pytest
import pytest_asyncio

from local.emulator import ROOT
from tests.real_model.person import Person
from tests.real_model.proxy import Proxy
from tests.story.running import Run, running

PYTHON = ROOT / ".venv-llamacpp" / "bin" / "python"
Start = Callable[[Proxy], AbstractContextManager[Run]]


@pytest.fixture(scope="session")
def llama_url() -> Iterator[str]:
    assert PYTHON.exists(), "the server's environment is missing: make .venv-llamacpp/ready"
    process = subprocess.Popen(
        [PYTHON, ROOT / "tests" / "real_model" / "llama_server.py"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    try:
        yield process.stdout.readline().strip()
    finally:
        process.communicate()


@pytest_asyncio.fixture
async def proxy(llama_url: str) -> AsyncIterator[Proxy]:
    async with Proxy(llama_url) as started:
        yield started


@pytest.fixture
def product() -> Start:
    @contextmanager
    def start(proxy: Proxy) -> Iterator[Run]:
        with running(OPENAI_BASE_URL=f"{proxy.url}/v1", OPENAI_MODEL="SmolLM2", HISTORY_TOKENS="600") as run:
            yield run

    return start


@pytest_asyncio.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def anna(http: aiohttp.ClientSession) -> Person:
    return Person(http, 2400)
