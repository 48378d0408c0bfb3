"""A flood: one account that forges thousands of updates, then many new accounts, while people of long standing write.

It shows whether the model gets a request beyond the limits, and how long these bystanders wait. The model takes some
seconds for an answer to the flood and no time for one to a bystander, so a bystander's wait is the queue's and ours.
"""

import asyncio
import random
import tempfile
import time
from collections.abc import Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import aiohttp

from local.chaos.crowd import Echo
from local.chaos.fault_plan import FaultPlan
from local.chaos.flood_findings import Findings
from local.chaos.pace import MODEL_S, Pace
from local.chaos.running import running_world
from local.chaos.world import World
from local.simulator.user import User

FIRST_CHAT, FIRST_BYSTANDER, BYSTANDERS = 830_000_001, 839_000_001, 3
# The flood's messages have lower numbers, the bystanders' have higher ones, and begin with another word.
BYSTANDERS_NUMBERS, BYSTANDERS_WORD = 10**8, "Bystander"
PER_DAY = 2
# The model's time for an answer to the flood varies as in bench/scale.py.
MODEL_SIGMA, MAX_MODEL_S = 0.5, MODEL_S - 1.5
# Requests to the webhook at once, as Telegram makes them.
CONNECTIONS = 100
PATIENCE_S = 1800
# Eight workers make at most some twenty answers a second: fewer than the accounts send.
PACE = Pace(workers=8)
PAUSE_S = 0.1
# Seconds between a bystander's messages.
THINKING_S = 0.5
# Above the ids that the simulated Telegram gives.
FORGED = 10**8


@dataclass(frozen=True)
class Size:
    """`forged` updates of one account, then `each` messages of every one of `accounts`, each time within `over_s`
    seconds. Half of the model's answers to the accounts take more than `model_s`.
    """

    forged: int = 3000
    accounts: int = 1000
    each: int = 3
    over_s: float = 20
    model_s: float = 3
    quiet_s: float = 10
    pace: Pace = PACE


async def run(size: Size, say: Callable[[str], None], settings: Mapping[str, str] | None = None) -> Findings:
    """:param settings: of the functions, beside the limit of PER_DAY messages"""
    echo = Echo()
    limits = {"MESSAGES_PER_DAY": str(PER_DAY), **(settings or {})}
    with tempfile.TemporaryDirectory(prefix="troupe-flood-") as folder:
        async with (
            running_world(Path(folder), FaultPlan(), echo, size.pace, limits) as world,
            aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=CONNECTIONS)) as session,
        ):
            return await _Flood(world, echo, size, session).run(say)


class _Flood:
    def __init__(self, world: World, echo: Echo, size: Size, session: aiohttp.ClientSession) -> None:
        self._world, self._echo, self._size, self._session = world, echo, size, session
        self._findings = Findings(allowed=PER_DAY * (1 + size.accounts))
        self._bystanders = [world.simulator.user(FIRST_BYSTANDER + n) for n in range(BYSTANDERS)]
        self._forger, *self._accounts = (world.simulator.user(FIRST_CHAT + n) for n in range(1 + size.accounts))
        self._sent, self._bystanders_number = 0, BYSTANDERS_NUMBERS

    async def run(self, say: Callable[[str], None]) -> Findings:
        everybody = [*self._bystanders, self._forger, *self._accounts]
        say(f"{len(everybody)} people start")
        await asyncio.gather(*(self._start(user) for user in everybody))
        await self._drained()
        for user in self._bystanders:
            await asyncio.to_thread(self._world.make_regular, user.id)
        self._script()
        await self._phase("no flood", asyncio.sleep(self._size.quiet_s))
        if self._size.forged:
            say(f"one account sends {self._size.forged} updates")
            await self._phase("one account", self._forge(self._forger, self._size.forged))
        say(f"{self._size.accounts} accounts send {self._size.each} messages each")
        await self._phase("all accounts", self._write(self._accounts, self._size.each))
        rows = await asyncio.to_thread(self._world.turns)
        ends = {"delivered", "joined", "held"}
        self._findings.lost = sum(row["status"] not in ends for row in rows)
        self._findings.asked = self._answered()
        self._findings.requests = sum(count for number, count in self._echo.asked.items() if _is_floods(number))
        return self._findings

    def _script(self) -> None:
        model, dice = self._world.model, random.Random(1)  # noqa: S311 - repeatable
        model.script(matching=BYSTANDERS_WORD, times=None)
        for _ in range(PER_DAY * (1 + self._size.accounts)):
            delay = self._size.model_s * dice.lognormvariate(0, MODEL_SIGMA)
            model.script(first_delay=min(delay, MAX_MODEL_S))

    async def _phase(self, name: str, flooding: Coroutine[Any, Any, None]) -> None:
        """Measures the bystanders' waits until the flood's last job is done."""
        over, began = asyncio.Event(), time.monotonic()
        unanswerable = self._sent - self._answered()
        async with asyncio.TaskGroup() as group:
            for user in self._bystanders:
                group.create_task(self._converse(user, name, over, unanswerable))
            await flooding
            await self._drained(except_for=BYSTANDERS)
            over.set()
        await self._drained()
        self._findings.seconds[name] = time.monotonic() - began

    async def _converse(self, user: User, phase: str, over: asyncio.Event, unanswerable: int) -> None:
        waits = self._findings.waits.setdefault(phase, [])
        while not over.is_set():
            self._bystanders_number += 1
            name, began, before = f"[{self._bystanders_number}]", time.monotonic(), self._sent
            user.send_text(f"{BYSTANDERS_WORD} {name}")
            await self._world.simulator.wait_for(partial(self._has_heard, user, name), PATIENCE_S)
            waits.append(time.monotonic() - began)
            passed = before - self._answered() - unanswerable
            self._findings.overtook[phase] = max(passed, self._findings.overtook.get(phase, 0))
            await asyncio.sleep(THINKING_S)

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
            began = time.monotonic()
            for position, user in enumerate(users):
                due = began + self._size.over_s * position / len(users)
                await asyncio.sleep(max(0, due - time.monotonic()))
                user.send_text(f"Message [{self._next_number()}]")
            await self._world.simulator.wait_for(lambda: not self._world.simulator.server.state.pending, PATIENCE_S)
            await self._drained(except_for=BYSTANDERS)

    async def _forge(self, user: User, many: int) -> None:
        """Posts updates to the webhook, side by side, as an attacker who knows its secret."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self._world.secret}
        person = {"from": user.person.as_user(), "chat": user.person.as_chat(), "date": int(time.time())}

        async def post(number: int) -> None:
            message = {**person, "message_id": FORGED + number, "text": f"Message [{number}]"}
            update = {"update_id": FORGED + number, "message": message}
            url = f"{self._world.url}/telegram/webhook"
            async with self._session.post(url, json=update, headers=headers) as response:
                response.raise_for_status()

        await asyncio.gather(*(post(self._next_number()) for _ in range(many)))

    def _answered(self) -> int:
        return sum(map(_is_floods, self._echo.asked))

    def _next_number(self) -> int:
        self._sent += 1
        return self._sent

    async def _drained(self, except_for: int = 0) -> None:
        """Waits until the queue has no jobs but those of so many bystanders."""
        while await asyncio.to_thread(self._world.jobs_left) > except_for:  # noqa: ASYNC110 - a queue tells nobody
            await asyncio.sleep(PAUSE_S)


def _is_floods(number: int) -> bool:
    return number < BYSTANDERS_NUMBERS
