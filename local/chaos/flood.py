"""A flood: one account that forges thousands of updates, then many accounts at once, while bystanders write.

It shows whether the model gets a request beyond the limits, and how long bystanders wait.
"""

import asyncio
import itertools
import statistics
import tempfile
import time
from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from local.chaos.crowd import Echo
from local.chaos.fault_plan import FaultPlan
from local.chaos.world import Pace, World, running_world
from local.simulator.user import User

FIRST_CHAT, FIRST_BYSTANDER, BYSTANDERS = 830_000_001, 839_000_001, 3
# The flood's messages have lower numbers, the bystanders' have higher ones.
BYSTANDERS_NUMBERS = 10**8
PER_DAY = 2
# Requests to the webhook at once, as Telegram makes them.
CONNECTIONS = 100
PATIENCE_S = 900
PAUSE_S = 0.1
# Above the ids that the simulated Telegram gives.
FORGED = 10**8


@dataclass(frozen=True)
class Size:
    """`forged` updates of one account, then `each` messages of every one of `accounts`."""

    forged: int = 3000
    accounts: int = 1000
    each: int = 5


@dataclass
class Findings:
    """`requests` to the model for answers to the flood, and those `allowed` by the limits; the bystanders' waits in
    seconds, by phase.

    `lost` messages are neither answered nor kept for a later answer.
    """

    allowed: int
    requests: int = 0
    lost: int = 0
    waits: dict[str, list[float]] = field(default_factory=dict)

    def as_lines(self) -> list[str]:
        lines = {
            phase: f"a bystander waits {statistics.median(waits):.2f} s at the median, {max(waits):.2f} s at most"
            for phase, waits in self.waits.items()
        }
        lines["the flood"] = f"{self.requests} requests to the model, {self.allowed} allowed; {self.lost} messages lost"
        return [f"{name:<20} {text}" for name, text in lines.items()]


async def run(size: Size, say: Callable[[str], None], per_day: int = PER_DAY) -> Findings:
    """:param per_day: MESSAGES_PER_DAY of the accounts in the flood; 0 for no limit"""
    echo = Echo()
    limits = {"MESSAGES_PER_DAY": str(per_day)}
    with tempfile.TemporaryDirectory(prefix="troupe-flood-") as folder:
        async with (
            running_world(Path(folder), FaultPlan(), echo, Pace(workers=4), limits) as world,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session,
        ):
            return await _Flood(world, echo, size, session).run(say)


class _Flood:
    def __init__(self, world: World, echo: Echo, size: Size, session: aiohttp.ClientSession) -> None:
        self._world, self._echo, self._size, self._session = world, echo, size, session
        self._findings = Findings(allowed=PER_DAY * (1 + size.accounts))
        self._bystanders = [world.simulator.user(FIRST_BYSTANDER + n) for n in range(BYSTANDERS)]
        self._forger, *self._accounts = (world.simulator.user(FIRST_CHAT + n) for n in range(1 + size.accounts))
        self._numbers, self._bystanders_number = itertools.count(1), BYSTANDERS_NUMBERS

    async def run(self, say: Callable[[str], None]) -> Findings:
        everybody = [*self._bystanders, self._forger, *self._accounts]
        say(f"{len(everybody)} people start")
        await asyncio.gather(*(self._start(user) for user in everybody))
        await self._drained()
        for user in self._bystanders:
            await asyncio.to_thread(self._world.lift_limits, user.id)
        await self._phase("no flood", asyncio.sleep(5))
        say(f"one account sends {self._size.forged} updates")
        await self._phase("one account", self._forge(self._forger, self._size.forged))
        say(f"{self._size.accounts} accounts send {self._size.each} messages each")
        await self._phase("all accounts", self._write(self._accounts, self._size.each))
        rows = await asyncio.to_thread(self._world.turns)
        ends = {"delivered", "joined", "held"}
        self._findings.lost = sum(row["status"] not in ends for row in rows)
        self._findings.requests = sum(
            count for number, count in self._echo.asked.items() if number < BYSTANDERS_NUMBERS
        )
        return self._findings

    async def _phase(self, name: str, flooding: Coroutine[Any, Any, None]) -> None:
        """Measures the bystanders' waits until the flood's last job is done."""
        over, waits = asyncio.Event(), self._findings.waits.setdefault(name, [])
        async with asyncio.TaskGroup() as group:
            for user in self._bystanders:
                group.create_task(self._converse(user, waits, over))
            await flooding
            await self._drained(except_for=BYSTANDERS)
            over.set()

    async def _converse(self, user: User, waits: list[float], over: asyncio.Event) -> None:
        while not over.is_set():
            self._bystanders_number += 1
            name, began = f"[{self._bystanders_number}]", time.monotonic()
            user.send_text(f"Message {name}")
            await self._world.simulator.wait_for(partial(self._has_heard, user, name), PATIENCE_S)
            waits.append(time.monotonic() - began)

    def _has_heard(self, user: User, name: str) -> bool:
        last = self._world.simulator.server.state.chats[user.id].messages[-1]
        return bool(last["from"]["is_bot"] and name in last["text"])

    async def _start(self, user: User) -> None:
        user.send_text("/start mario")
        chat = self._world.simulator.server.state.chats[user.id]
        await self._world.simulator.wait_for(lambda: chat.messages[-1]["from"]["is_bot"], PATIENCE_S)

    async def _write(self, users: Sequence[User], each: int) -> None:
        """In rounds, because messages that wait together would be joined and answered as one."""
        for _ in range(each):
            for user in users:
                user.send_text(f"Message [{next(self._numbers)}]")
            await self._world.simulator.wait_for(lambda: not self._world.simulator.server.state.pending, PATIENCE_S)
            await self._drained(except_for=BYSTANDERS)

    async def _forge(self, user: User, many: int) -> None:
        """Straight to the webhook, side by side, as somebody who knows its secret."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._world.secret}
        person = {"from": user.person.as_user(), "chat": user.person.as_chat(), "date": int(time.time())}

        async def post(number: int) -> None:
            message = {**person, "message_id": FORGED + number, "text": f"Message [{number}]"}
            update = {"update_id": FORGED + number, "message": message}
            url = f"{self._world.url}/telegram/webhook"
            async with self._session.post(url, json=update, headers=headers) as response:
                response.raise_for_status()

        await asyncio.gather(*(post(next(self._numbers)) for _ in range(many)))

    async def _drained(self, except_for: int = 0) -> None:
        """Waits until the queue has no jobs but those of so many bystanders."""
        while await asyncio.to_thread(self._world.jobs_left) > except_for:  # noqa: ASYNC110 - a queue tells nobody
            await asyncio.sleep(PAUSE_S)
