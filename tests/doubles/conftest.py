from collections.abc import AsyncIterator

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from openai import AsyncOpenAI

from local.amplitude import Amplitude
from local.llm import OfflineModel


@pytest.fixture
def model() -> OfflineModel:
    return OfflineModel(pace=0)


@pytest.fixture
def amplitude() -> Amplitude:
    return Amplitude()


@pytest.fixture
async def server(model: OfflineModel, amplitude: Amplitude) -> AsyncIterator[TestServer]:
    app = web.Application()
    model.add_routes(app)
    amplitude.add_routes(app)
    server = TestServer(app)
    async with server:
        yield server


@pytest.fixture
async def openai(server: TestServer) -> AsyncIterator[AsyncOpenAI]:
    """The real SDK, with its retries off."""
    async with AsyncOpenAI(
        api_key="sk-test", base_url=str(server.make_url("/openai/v1")), max_retries=0, timeout=10
    ) as client:
        yield client
