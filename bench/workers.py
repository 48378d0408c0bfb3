"""Runs functions from their packages, each in a process of its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bench.packages import Packages
from bench.starts import SUBJECTS, Subject

Event = dict[str, Any]
# A worker notes the time of each call of AWS, or counts its capacity units too, which takes time of its own.
Watching = Literal["time", "count"]
MAX_LINE = 16 * 2**20


@dataclass(frozen=True)
class Invocation:
    """`calls` of AWS, if they were watched: service, operation, began, ended, bytes sent, units."""

    answer: Any
    cpu_s: float
    began: float
    wall_s: float
    log_bytes: int
    calls: list[tuple[str, str, float, float, int, float]]


class Worker:
    """One execution environment of a function."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def peak_mb(self) -> float:
        """The kernel's peak of the process's memory; 0 if it does not show one."""
        status = Path(f"/proc/{self.pid}/status")
        lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0)

    async def started(self) -> None:
        """Waits for the end of what Lambda calls INIT.

        :raises RuntimeError: the worker died during INIT; its error output is on this program's stderr
        """
        await self._line()

    async def invoke(self, event: Event) -> Invocation:
        """:raises RuntimeError: the worker died over it; its own words are on this program's stderr"""
        if self._process.stdin is None:
            raise RuntimeError("a worker without pipes")
        self._process.stdin.write(json.dumps(event).encode() + b"\n")
        did = await self._line()
        return Invocation(**did | {"calls": [tuple(call) for call in did["calls"]]})

    async def _line(self) -> Event:
        line = await self._process.stdout.readline() if self._process.stdout else b""
        if not line:
            raise RuntimeError("a worker died")
        found: Event = json.loads(line)
        return found


@asynccontextmanager
async def worker(
    packages: Packages, function: str, variables: Mapping[str, str], *, watching: Watching | None = None
) -> AsyncIterator[Worker]:
    """Starts one of our functions."""
    subject = Subject(f"functions.{function}.app", (packages.ours[function],))
    async with at_work(packages.python, subject, variables, watching=watching) as found:
        yield found


@asynccontextmanager
async def at_work(
    python: Path, subject: Subject, variables: Mapping[str, str], *, watching: Watching | None = None
) -> AsyncIterator[Worker]:
    command = ["-IS", str(SUBJECTS / "work.py"), ":".join(map(str, subject.folders)), subject.module]
    process = await asyncio.create_subprocess_exec(
        python,
        *command,
        *([watching] if watching else []),
        env={**variables, "POWERTOOLS_SERVICE_NAME": "troupe", "POWERTOOLS_METRICS_NAMESPACE": "Troupe"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=MAX_LINE,
    )
    try:
        found = Worker(process)
        await found.started()
        yield found
    finally:
        process.kill()
        await process.wait()
