"""The simulator: routes for an aiohttp application, and the methods with which tests control it."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

from local.simulator.bot_api import BotApi, Call, ConnectionLost, MalformedAnswer
from local.simulator.bot_api_http import BotApiRoutes
from local.simulator.chat_page import ChatPage
from local.simulator.control import ControlRoutes
from local.simulator.delivery import Delivery
from local.simulator.faults import Faults
from local.simulator.flood import Flood
from local.simulator.refusal import Json, Refused
from local.simulator.state import Chat, Person
from local.simulator.telegram_server import TelegramServer
from local.simulator.user import User

Found = TypeVar("Found")


class Simulator:
    """Not thread-safe: use it from the event loop of its application.

    :param flood_limits: False allows drafts and chat actions at any rate
    :param retry_scale: multiplies the waits between the webhook's retries
    """

    def __init__(
        self,
        token: str,
        *,
        bot_username: str = "troupe_bot",
        bot_name: str = "Troupe",
        flood_limits: bool = True,
        retry_scale: float = 1.0,
    ) -> None:
        self.server = TelegramServer(token, bot_username, bot_name)
        self._bot_api = BotApi(self.server, Flood() if flood_limits else None)
        self._delivery = Delivery(self.server, self._execute_quietly, retry_scale=retry_scale)

    def add_routes(self, app: web.Application) -> None:
        BotApiRoutes(self._bot_api).add_to(app)
        ChatPage(self.server).add_to(app)
        ControlRoutes(self._bot_api).add_to(app)
        app.cleanup_ctx.append(self._delivering)

    @asynccontextmanager
    async def serving(self, port: int = 0) -> AsyncIterator[str]:
        """Serves the simulator alone on loopback; port 0 picks a free one. Yields "http://127.0.0.1:PORT"."""
        app = web.Application()
        self.add_routes(app)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        try:
            await web.TCPSite(runner, "127.0.0.1", port).start()
            yield f"http://127.0.0.1:{runner.addresses[0][1]}"
        finally:
            await runner.cleanup()

    @property
    def calls(self) -> list[Call]:
        """All calls of the bot, oldest first, including refused calls and calls in webhook answers."""
        return self._bot_api.calls

    @property
    def faults(self) -> Faults:
        return self._bot_api.faults

    def user(
        self,
        id: int,  # noqa: A002 - Telegram's own name for it
        first_name: str = "Anna",
        last_name: str | None = None,
        username: str | None = None,
        language_code: str | None = "en",
        *,
        started: bool = True,
    ) -> User:
        """The person with this id and these names. A known person keeps their chat."""
        person = Person(id, first_name, last_name, username, language_code, started=started)
        return User(self.server, self.server.add_person(person))

    def group(self, chat_id: int, title: str) -> int:
        """A group chat that the bot is in. Users write there with `chat_id=`."""
        self.server.state.chats.setdefault(chat_id, Chat(chat_id, title))
        return chat_id

    def messages(self, chat_id: int) -> list[Json]:
        """The chat's messages, oldest first, as Bot API `Message` objects."""
        return deepcopy(self.server.state.chats[chat_id].messages)

    def inject(self, update: Json) -> None:
        """Delivers this update as it is, even if it was delivered before."""
        self.server.inject(update)

    async def call(self, method: str, **params: Any) -> Any:
        """A Bot API call from this process, such as setWebhook. Raises Refused."""
        return await self._bot_api.execute(method, params)

    async def wait_for(self, predicate: Callable[[], Found | None], timeout: float = 60) -> Found:  # noqa: ASYNC109 - reads so in tests
        """Returns the predicate's first truthy result; asks again after every change.

        :raises TimeoutError: names the last calls
        """
        try:
            return await self.server.changes.wait_for(predicate, timeout)
        except TimeoutError:
            made = [f"{call.method} {call.error_code or 'ok'}" for call in self.calls[-10:]]
            raise TimeoutError(f"Nothing after {timeout} s; the last calls: {made}") from None

    def save(self, path: Path) -> None:
        self.server.state.save(path)

    def load(self, path: Path) -> None:
        """:raises SavedStateError: the file can't be read"""
        self.server.state.load(path)

    async def _execute_quietly(self, method: str, params: Json) -> None:
        with suppress(Refused, ConnectionLost, MalformedAnswer):
            await self._bot_api.execute(method, params, by_webhook=True)

    async def _delivering(self, _app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(self._delivery.run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
