"""The whole product, started once for these tests, and people who use it."""

import io
import itertools
import math
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest
import pytest_asyncio

from local import settings
from local.llm import OfflineModel
from local.ports import free_port
from local.stack import Stack, running_stack
from tests.deployment.permissions import Recorder, granted
from tests.integration.guest import Guest
from tests.integration.log_lines import Said
from troupe import aws
from troupe.observability import logger

ids = itertools.count(700_001)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def stack() -> AsyncIterator[Stack]:
    port = free_port()
    # Secrets that no other text contains, so that a test can look for them.
    wanted = settings.read(
        {
            "PORT": str(port),
            "OPENAI_API_KEY": "sk-offline-key",
            "OPENAI_BASE_URL": f"http://127.0.0.1:{port}/openai/v1",
            "TRANSCRIPTION_MODEL": "gpt-transcribe",
            "IMAGE_MODEL": "gpt-image-2.6-flare",
            "SPEECH_MODEL": "gpt-4o-mini-tts",
            "AMPLITUDE_API_KEY": "offline-amplitude-key",
            "AMPLITUDE_SECRET_KEY": "offline-amplitude-secret",
            "AMPLITUDE_SERVER_URL": f"http://127.0.0.1:{port}/amplitude/2/httpapi",
        }
    )
    # The clock never strikes: a test that wants dead letters looked at says so.
    async with running_stack(wanted, model=OfflineModel(pace=0), max_wait_seconds=math.inf) as running:
        yield running


@pytest.fixture(scope="session", autouse=True)
def recorder(stack: Stack) -> Iterator[Recorder]:
    """The role of a function in template.yaml must allow each of its calls of AWS in these tests."""
    recorder = Recorder(stack.names)
    stop = recorder.listen("dynamodb", "sqs")
    yield recorder
    stop()
    assert recorder.calls <= granted(), f"not allowed by template.yaml: {recorder.calls - granted()}"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as session:
        yield session


@pytest.fixture
def guest(stack: Stack, http: aiohttp.ClientSession) -> Guest:
    return Guest(stack.simulator.user(next(ids), "Anna", "Karenina", "anna", "en"), stack, http)


@pytest.fixture
def visitor(stack: Stack, http: aiohttp.ClientSession) -> Guest:
    """Russian, and without a username."""
    return Guest(stack.simulator.user(next(ids), "Иван", None, None, "ru"), stack, http)


@pytest.fixture
def owner(stack: Stack, http: aiohttp.ClientSession) -> Guest:
    return Guest(stack.simulator.user(int(settings.FIRST_PERSON), "Olga", None, "olga", "en"), stack, http)


@pytest.fixture
def said(capsys: pytest.CaptureFixture[str]) -> Iterator[Said]:
    log = io.StringIO()
    handler = logger.registered_handler
    assert hasattr(handler, "setStream")
    before = handler.setStream(log)
    yield Said(capsys, log)
    handler.setStream(before)


@pytest.fixture
def hidden() -> Iterator[list[int]]:
    """The visibility timeouts that the functions set for their jobs, in seconds, one after the other."""
    found: list[int] = []

    def note(params: dict[str, Any], **_: Any) -> None:
        found.extend(entry["VisibilityTimeout"] for entry in params["Entries"])

    emitter, name = aws.client("sqs").meta.events, "provide-client-params.sqs.ChangeMessageVisibilityBatch"
    emitter.register(name, note)
    yield found
    emitter.unregister(name, note)
