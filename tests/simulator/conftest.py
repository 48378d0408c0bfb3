"""A served simulator, a python-telegram-bot Bot for it, and a webhook endpoint whose answer a test can set."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

import pytest
import telegram
from aiohttp import web
from telegram.request import HTTPXRequest

from local.simulator import Simulator
from local.simulator.refusal import Json
from tests.simulator.chat_page import app_url, browser, page  # noqa: F401 - fixtures of several files

TOKEN = "123456:TEST-token"


@dataclass
class Endpoint:
    """The bot's webhook. Keeps the updates; a test may replace `answer`."""

    url: str = ""
    updates: list[Json] = field(default_factory=list)
    secrets: list[str | None] = field(default_factory=list)
    answer: Callable[[Json], Awaitable[web.StreamResponse]] | None = None

    async def take(self, request: web.Request) -> web.StreamResponse:
        update = await request.json()
        self.updates.append(update)
        self.secrets.append(request.headers.get("X-Telegram-Bot-Api-Secret-Token"))
        return await self.answer(update) if self.answer else web.Response()

    def texts(self) -> list[str]:
        return [update["message"]["text"] for update in self.updates if "message" in update]


@pytest.fixture
def simulator() -> Simulator:
    return Simulator(TOKEN, retry_scale=0.01)


@pytest.fixture
async def url(simulator: Simulator) -> AsyncIterator[str]:
    async with simulator.serving() as address:
        yield address


@pytest.fixture
async def bot(url: str) -> AsyncIterator[telegram.Bot]:
    """Not initialised, because that makes a call."""
    async with HTTPXRequest() as request, HTTPXRequest() as polling:
        yield telegram.Bot(
            TOKEN, base_url=f"{url}/bot", base_file_url=f"{url}/file/bot", request=request, get_updates_request=polling
        )


@asynccontextmanager
async def running_endpoint() -> AsyncIterator[Endpoint]:
    endpoint = Endpoint()
    app = web.Application()
    app.router.add_post("/telegram/webhook", endpoint.take)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    endpoint.url = f"http://127.0.0.1:{runner.addresses[0][1]}/telegram/webhook"
    yield endpoint
    await runner.cleanup()


@pytest.fixture
async def endpoint(url: str) -> AsyncIterator[Endpoint]:
    assert url, "updates are delivered while the simulator is served"
    async with running_endpoint() as running:
        yield running
