"""Shared by the pollers: AWS calls off the event loop, waits during an outage, and a clean stop."""

import asyncio
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from typing import ParamSpec, TypeVar

from botocore.exceptions import BotoCoreError, ClientError

logger = logging.getLogger(__name__)

Parameters = ParamSpec("Parameters")
Answer = TypeVar("Answer")

AWS_ERRORS = (BotoCoreError, ClientError)
MIN_PAUSE, MAX_PAUSE = 0.25, 4.0  # seconds


class Calls:
    """Runs blocking AWS calls in a thread pool."""

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="poller")

    async def __call__(
        self, call: Callable[Parameters, Answer], *args: Parameters.args, **kwargs: Parameters.kwargs
    ) -> Answer:
        return await asyncio.get_running_loop().run_in_executor(self._threads, partial(call, *args, **kwargs))

    def close(self) -> None:
        self._threads.shutdown(wait=False, cancel_futures=True)


class Stopping:
    """A flag that ends a poller, and its current pause."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def __bool__(self) -> bool:
        return self._event.is_set()

    def set(self) -> None:
        self._event.set()

    async def pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), seconds)


class Outage:
    """An outage of the emulator, logged once at its beginning and once at its end."""

    def __init__(self, source: str, stopping: Stopping) -> None:
        self._source = source
        self._stopping = stopping
        self._pause = 0.0

    async def wait(self, error: Exception) -> None:
        """Each wait is longer than the one before, up to MAX_PAUSE."""
        if not self._pause and not self._stopping:
            logger.warning("%s can't be read (%s); trying again until it can", self._source, type(error).__name__)
        self._pause = min(self._pause * 2 or MIN_PAUSE, MAX_PAUSE)
        await self._stopping.pause(self._pause)

    def over(self) -> None:
        if self._pause:
            logger.warning("%s can be read again", self._source)
        self._pause = 0.0
