"""The simulator as one piece: routes for an aiohttp application, and the hands of a test."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from copy import deepcopy
from pathlib import Path
from typing import Any, TypeVar

from aiohttp import web

from local.simulator.bot_api import BotApi, Call, ConnectionLost
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
    """Used from the event loop its application runs in.

    `flood_limits=False` lets drafts and chat actions pass at any rate; `retry_scale` shrinks the time between
    attempts of the webhook (0.01: a hundredth).
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
        """Alone on a loopback port (a free one for 0); the base URL, "http://127.0.0.1:PORT"."""
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
        """Every call the bot has made, oldest first, refused ones and those in webhook answers among them."""
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
        """The person with this id as described here; their chat stays if they were known already."""
        person = Person(id, first_name, last_name, username, language_code, started=started)
        return User(self.server, self.server.add_person(person))

    def group(self, chat_id: int, title: str) -> int:
        """A group chat with the bot in it; anyone may write there with `chat_id=`."""
        self.server.state.chats.setdefault(chat_id, Chat(chat_id, title))
        return chat_id

    def messages(self, chat_id: int) -> list[Json]:
        """What the person sees, oldest first, as Bot API `Message` objects."""
        return deepcopy(self.server.state.chats[chat_id].messages)

    def inject(self, update: Json) -> None:
        """Deliver this very update, for instance one delivered before."""
        self.server.inject(update)

    async def call(self, method: str, **params: Any) -> Any:
        """A Bot API call made from here, such as setWebhook. Raises Refused."""
        return await self._bot_api.execute(method, params)

    async def wait_for(self, predicate: Callable[[], Found | None], timeout: float = 60) -> Found:  # noqa: ASYNC109 - reads so in tests
        """The predicate's first truthy result; it is asked again after everything that happens.

        Raises TimeoutError naming the calls there were.
        """
        try:
            return await self.server.changes.wait_for(predicate, timeout)
        except TimeoutError:
            made = [f"{call.method} {call.error_code or 'ok'}" for call in self.calls[-10:]]
            raise TimeoutError(f"Waited {timeout} s in vain; the last calls: {made}") from None

    def save(self, path: Path) -> None:
        self.server.state.save(path)

    def load(self, path: Path) -> None:
        """Raises SavedStateError if the file can't be read back."""
        self.server.state.load(path)

    async def _execute_quietly(self, method: str, params: Json) -> None:
        with suppress(Refused, ConnectionLost):
            await self._bot_api.execute(method, params, by_webhook=True)

    async def _delivering(self, _app: web.Application) -> AsyncIterator[None]:
        task = asyncio.create_task(self._delivery.run())
        yield
        task.cancel()
        with suppress(asyncio.CancelledError):
            await task
