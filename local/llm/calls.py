"""The record of requests to the model, and a wait for a request."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

_MAX_CALLS_KEPT = 1000
# The request's body, as it came.
RAW = web.RequestKey("raw", bytes)


@dataclass
class Call:
    """One request. `outcome` is "in progress", then "answered", "status 429", a fault's name or "client left"."""

    endpoint: str
    headers: dict[str, str]  # without the key
    body: Any = None
    said: str = ""  # the person's last message
    at: float = field(default_factory=time.time)  # epoch seconds
    outcome: str = "in progress"
    answer: str = ""

    def as_json(self) -> dict[str, Any]:
        return dict(vars(self))


class Calls(list[Call]):
    """The calls, oldest first. A test in another thread than the server's can wait, too."""

    def __init__(self) -> None:
        super().__init__()
        self._watchers: list[Future[None]] = []

    def open(self, call: Call) -> Call:
        self.append(call)
        del self[:-_MAX_CALLS_KEPT]
        self.tell()
        return call

    def tell(self) -> None:
        """Wakes the waiters after a call arrived or ended."""
        watchers, self._watchers = self._watchers, []
        for watcher in watchers:
            if watcher.set_running_or_notify_cancel():
                watcher.set_result(None)

    async def wait_for(self, predicate: Callable[[Call], bool]) -> Call:
        """The first call, past or future, that matches the predicate."""
        while True:
            changed: Future[None] = Future()
            self._watchers.append(changed)
            found = next(filter(predicate, self), None)
            if found is not None:
                return found
            await asyncio.wrap_future(changed)
