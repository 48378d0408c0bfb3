"""Notifies the listeners of a change: the chat page's sockets, the delivery of updates, waiting tests."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TypeVar

from local.simulator.refusal import Json

Listener = Callable[[int, Json], None]
Found = TypeVar("Found")


class Changes:
    def __init__(self) -> None:
        self._listeners: list[Listener] = []

    def publish(self, chat_id: int, event: Json) -> None:
        """`chat_id` is 0 for an event outside of chats."""
        for listener in tuple(self._listeners):
            listener(chat_id, event)

    @contextmanager
    def subscribed(self, listener: Listener) -> Iterator[None]:
        self._listeners.append(listener)
        try:
            yield
        finally:
            self._listeners.remove(listener)

    async def wait_for(self, predicate: Callable[[], Found | None], timeout: float) -> Found:  # noqa: ASYNC109 - tests read better with this name
        """Returns the predicate's first truthy result; asks again after every change. Raises TimeoutError."""
        changed = asyncio.Event()
        with self.subscribed(lambda _chat_id, _event: changed.set()):
            async with asyncio.timeout(timeout):
                while not (found := predicate()):
                    await changed.wait()
                    changed.clear()
        return found
