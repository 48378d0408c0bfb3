"""Lambda functions in worker processes, one invocation at a time in each, that can be killed during an invocation."""

import array
import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Awaitable, Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any, Self

from local.emulator import ROOT
from local.invocation import InvocationError, LocalFunction
from local.template import Function

MAX_EVENT_BYTES = 16 * 1024 * 1024


class ForkServer:
    """Forks workers. The workers end with the fork server, and the fork server ends with this process."""

    def __init__(self, log: Path, variables: Mapping[str, str]) -> None:
        """:param variables: the functions' environment, which names their log lines and metrics"""
        ours, theirs = socket.socketpair()
        self._control = ours
        self._log = log.open("wb")
        command = [sys.executable, "-m", "local.chaos.fork_server"]
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - our own interpreter and module
                command,
                stdin=theirs.fileno(),
                stdout=self._log,
                stderr=self._log,
                cwd=ROOT,
                env={**os.environ, **variables},
            )
        self._turn = asyncio.Lock()

    async def spawn(self, environment: Mapping[str, str]) -> "Worker":
        ours, theirs = socket.socketpair()
        async with self._turn:
            with theirs:
                socket.send_fds(self._control, [json.dumps(dict(environment)).encode()], [theirs.fileno()])
            answer = await asyncio.to_thread(self._control.recv, 4)
        reader, writer = await asyncio.open_connection(sock=ours, limit=MAX_EVENT_BYTES)
        return Worker(array.array("i", answer)[0], reader, writer)

    def close(self) -> None:
        self._control.close()
        self._process.wait(10)
        self._log.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


class Worker:
    def __init__(self, pid: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.pid = pid
        self.dead = False
        # Called with the chats of the current event, if the worker is killed during an invocation.
        self.on_death: Callable[[frozenset[str]], None] = lambda _: None
        self._chats: frozenset[str] | None = None
        self._reader, self._writer = reader, writer

    async def invoke(self, event: Any, seconds: float) -> Any:
        """:raises InvocationError: the handler raised, the process died, or it was killed at its timeout"""
        self._chats = _chats(event)
        try:
            self._writer.write(json.dumps({"event": event, "seconds": seconds}).encode() + b"\n")
            line = await asyncio.wait_for(self._reader.readline(), seconds)
        except (TimeoutError, ConnectionError) as error:
            self.kill()
            raise InvocationError(type(error).__name__) from None
        if not line:
            self.kill()
            raise InvocationError("the process died")
        self._chats = None
        outcome = json.loads(line)
        if "error" in outcome:
            raise InvocationError(outcome["error"])
        return outcome["answer"]

    def kill(self) -> None:
        if not self.dead:
            self.dead = True
            if self._chats is not None:
                self.on_death(self._chats)
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)
            self._writer.close()


def _chats(event: Any) -> frozenset[str]:
    records = event.get("Records", [])
    return frozenset(record["attributes"]["MessageGroupId"] for record in records if "attributes" in record)


Spawn = Callable[[Function], Awaitable[Worker]]


class ProcessFunction(LocalFunction):
    """Gives the next event to an idle worker, or starts a worker if none is idle."""

    def __init__(
        self, function: Function, spawn: Spawn, concurrency: int, on_end: Callable[[frozenset[str]], None]
    ) -> None:
        """:param on_end: called with the chats of an event when its invocation has ended, however it did"""
        super().__init__(function, lambda _event, _context: None)
        self._spawn = spawn
        self._on_end = on_end
        self._slots = asyncio.Semaphore(concurrency)
        self._resting: list[Worker] = []

    async def invoke(self, event: Any) -> Any:
        async with self._slots:
            while self._resting and self._resting[-1].dead:
                self._resting.pop()
            worker = self._resting.pop() if self._resting else await self._spawn(self.function)
            try:
                return await worker.invoke(event, self.function.timeout)
            finally:
                if not worker.dead:
                    self._resting.append(worker)
                self._on_end(_chats(event))
