"""Merges what the threads of one process write to the same row at the same time."""

from collections.abc import Callable, Hashable
from concurrent.futures import Future
from threading import Lock
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
E = TypeVar("E")

# Seconds for which a thread waits for the write under way. One that hangs must not delay the other chats for longer.
MAX_WAIT_S = 0.5


class Merged(Generic[K, E]):
    """The first thread writes at once. Those that come meanwhile wait, and one of them then writes for all of them."""

    def __init__(self, write: Callable[[K, list[E]], bool]) -> None:
        """:param write: writes all entries of a key, or nothing: then False. Each entry is then written by itself"""
        self._write = write
        self._under_way, self._guard = Lock(), Lock()
        self._waiting: dict[K, list[tuple[E, Future[bool]]]] = {}

    def write(self, key: K, entry: E) -> bool:
        """Call it on a thread. False if the entry was refused.

        :raises Exception: as `write`
        """
        outcome: Future[bool] = Future()
        with self._guard:
            self._waiting.setdefault(key, []).append((entry, outcome))
        has_turn = self._under_way.acquire(timeout=MAX_WAIT_S)
        try:
            with self._guard:
                together = self._waiting.pop(key, [])
            self._write_all(key, together)
        finally:
            if has_turn:
                self._under_way.release()
        return outcome.result()

    def _write_all(self, key: K, together: list[tuple[E, Future[bool]]]) -> None:
        try:
            if len(together) > 1 and self._write(key, [entry for entry, _ in together]):
                for _, outcome in together:
                    outcome.set_result(True)
                return
        except Exception as error:  # noqa: BLE001 - the threads that wait raise it
            for _, outcome in together:
                outcome.set_exception(error)
            return
        for entry, outcome in together:
            try:
                outcome.set_result(self._write(key, [entry]))
            except Exception as error:  # noqa: BLE001 - the thread that waits raises it
                outcome.set_exception(error)
