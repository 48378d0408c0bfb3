"""Delivers updates to the bot's webhook, as Telegram's server does.

Messages queue per chat and callbacks per person, with one request in flight per queue. Any 2xx is success. After a
failure the server tries again at once, then after 2, 4, 8... s up to a random 60 to 120 s, or after the answer's
Retry-After. It gives up 24 h after the message's date, and 150 s after a press. Source: WebhookActor.cpp of
github.com/tdlib/telegram-bot-api.
"""

import asyncio
import json
import random
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress

import aiohttp

from local.simulator.refusal import Json
from local.simulator.state import Pending
from local.simulator.telegram_server import TelegramServer

SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"  # noqa: S105 - a header's name
ANSWER_SECONDS = 60
KEPT_SECONDS = 24 * 3600
CALLBACK_KEPT_SECONDS = 150
MAX_RETRY_AFTER = 3600
NOT_IN_ANSWER = frozenset({"", "deletewebhook", "setwebhook", "close", "logout"})

Execute = Callable[[str, Json], Awaitable[None]]


class Delivery:
    """:param retry_scale: multiplies the waits between attempts; tests use less than 1"""

    def __init__(self, server: TelegramServer, execute: Execute, *, retry_scale: float = 1.0) -> None:
        self._server = server
        self._execute = execute
        self._retry_scale = retry_scale
        self._queues: dict[str, asyncio.Task[None]] = {}
        self._reconfigured = asyncio.Event()
        self._slots = asyncio.Semaphore(1)

    async def run(self) -> None:
        """Delivers until cancelled. Updates in flight at that moment stay pending for the next run."""
        timeout = aiohttp.ClientTimeout(total=ANSWER_SECONDS)
        connector = aiohttp.TCPConnector(limit=0)
        async with aiohttp.ClientSession(timeout=timeout, connector=connector) as session:
            self._session = session
            with self._server.changes.subscribed(self._noticed):
                self._begin()
                try:
                    await asyncio.get_running_loop().create_future()
                finally:
                    await self._end()

    async def _end(self) -> None:
        tasks = list(self._queues.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _noticed(self, _chat_id: int, event: Json) -> None:
        if event["type"] == "webhook":
            self._reconfigured.set()
            self._begin()
        elif event["type"] == "update":
            self._start_queues()

    def _begin(self) -> None:
        self._reconfigured = asyncio.Event()
        self._slots = asyncio.Semaphore(self._server.state.webhook.max_connections)
        self._start_queues()

    def _start_queues(self) -> None:
        if not self._server.state.webhook.url:
            return
        for queue in {queue_of(each.update) for each in self._server.state.pending} - set(self._queues):
            self._queues[queue] = asyncio.create_task(self._drain(queue))

    async def _drain(self, queue: str) -> None:
        attempt, current = 0, None
        try:
            while self._server.state.webhook.url and (pending := self._first(queue)):
                if pending is not current:
                    attempt, current = 0, pending
                if time.time() >= expires_at(pending):
                    self._server.settle(pending)
                    continue
                async with self._slots:
                    delay = await self._post(pending.update, attempt)
                if delay is None:
                    self._server.settle(pending)
                    continue
                attempt += 1
                with suppress(TimeoutError):
                    await asyncio.wait_for(self._reconfigured.wait(), delay * self._retry_scale)
        finally:
            del self._queues[queue]

    def _first(self, queue: str) -> Pending | None:
        return next((each for each in self._server.state.pending if queue_of(each.update) == queue), None)

    async def _post(self, update: Json, attempt: int) -> float | None:
        """Returns None if the bot has taken the update, else the seconds until the next attempt."""
        webhook = self._server.state.webhook
        headers = {SECRET_HEADER: webhook.secret_token} if webhook.secret_token else {}
        try:
            request = self._session.post(webhook.url, json=update, headers=headers, allow_redirects=False)
            async with request as response:
                body = await response.read()
                if 200 <= response.status < 300:  # noqa: PLR2004 - HTTP's 2xx
                    await self._do_as_answered(body)
                    return None
                webhook.last_error_message = f"Wrong response from the webhook: {response.status} {response.reason}"
                wait = response.headers.get("Retry-After", "")
        except (aiohttp.ClientError, TimeoutError) as problem:
            webhook.last_error_message = "Read timeout expired" if isinstance(problem, TimeoutError) else str(problem)
            wait = ""
        webhook.last_error_date = int(time.time())
        self._server.changes.publish(0, {"type": "undelivered"})
        if wait.isascii() and wait.isdigit():
            return min(int(wait), MAX_RETRY_AFTER)
        return backoff(attempt)

    async def _do_as_answered(self, body: bytes) -> None:
        """Executes the method call in the webhook's answer. The bot never gets its result."""
        try:
            call = json.loads(body)
            method = str(call.pop("method"))
        except (ValueError, AttributeError, KeyError, TypeError):
            return
        if method.lower() not in NOT_IN_ANSWER and not method.lower().startswith("get"):
            await self._execute(method, call)


def queue_of(update: Json) -> str:
    if query := update.get("callback_query"):
        return f"callbacks of {query['from']['id']}"
    return f"chat {_event(update).get('chat', {}).get('id', 0)}"


def expires_at(pending: Pending) -> float:
    if pending.update.get("callback_query"):
        return pending.at + CALLBACK_KEPT_SECONDS
    event = _event(pending.update)
    return float(event.get("edit_date") or event.get("date") or pending.at) + KEPT_SECONDS


def _event(update: Json) -> Json:
    return next((value for value in update.values() if isinstance(value, dict)), {})


def backoff(attempt: int) -> float:
    if attempt == 0:
        return 0.0
    return min(float(2**attempt), random.uniform(60, 120))  # noqa: S311 - spreads retries, guards nothing
