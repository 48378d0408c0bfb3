"""The whole local stack under load, with an instant model: turns per second, and how long one takes at half as many.

Run as a program, so that nothing of an earlier measurement shares its process.
"""

import asyncio
import io
import itertools
import json
import random
import sys
import time
from dataclasses import asdict, dataclass

from bench.spread import percentile
from local import settings
from local.llm import OfflineModel
from local.ports import free_port
from local.simulator import User
from local.stack import Stack, running_stack
from troupe.conversations.turn import Turn
from troupe.users import User as Row

CROWD = 40
PRACTICE_S, SATURATED_S, HALF_S = 5.0, 20.0, 20.0


@dataclass(frozen=True)
class Load:
    turns_per_second: float
    half_p50_s: float
    half_p95_s: float


class Crowd:
    """People with a chosen character. Each notes the time at which the answer to a message comes."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self.people = [stack.simulator.user(800_001 + number) for number in range(CROWD)]
        self._numbers = itertools.count()

    def choose(self) -> None:
        for person in self.people:
            Row(person.id, first_name="Anna", registered_at=1, character_id="ada", chosen_at=1).save()

    async def talk(self, person: User) -> float:
        """Seconds from a message to the end of its answer."""
        began, before = time.monotonic(), self._heard(person)
        person.send_text(f"Tell me number {next(self._numbers)}.")
        await self._stack.simulator.wait_for(lambda: self._heard(person) > before, timeout=60)
        return time.monotonic() - began

    def _heard(self, person: User) -> int:
        chat = self._stack.simulator.server.state.chats[person.id].messages
        return sum(message["from"]["is_bot"] for message in chat)


async def saturated(crowd: Crowd, seconds: float) -> float:
    """Everybody writes again as soon as they are answered: turns per second."""
    until, done = time.monotonic() + seconds, 0

    async def talking(person: User) -> None:
        nonlocal done
        while time.monotonic() < until:
            await crowd.talk(person)
            done += 1

    began = time.monotonic()
    await asyncio.gather(*map(talking, crowd.people))
    return done / (time.monotonic() - began)


async def paced(crowd: Crowd, per_second: float, seconds: float) -> list[float]:
    """Messages come at random, whether earlier ones are answered or not; seconds that each took."""
    dice, free, talking = random.Random(1), list(crowd.people), []  # noqa: S311 - the same arrivals every time
    until = time.monotonic() + seconds

    async def turn(person: User) -> float:
        took = await crowd.talk(person)
        free.append(person)
        return took

    while time.monotonic() < until:
        await asyncio.sleep(dice.expovariate(per_second))
        if free:
            talking.append(asyncio.create_task(turn(free.pop(0))))
    return await asyncio.gather(*talking)


async def main() -> Load:
    async with running_stack(settings.read({"PORT": str(free_port())}), model=OfflineModel(pace=0)) as stack:
        Turn.connect()
        crowd = Crowd(stack)
        await asyncio.to_thread(crowd.choose)
        await saturated(crowd, PRACTICE_S)
        most = await saturated(crowd, SATURATED_S)
        took = await paced(crowd, most / 2, HALF_S)
        return Load(most, percentile(took, 50), percentile(took, 95))


if __name__ == "__main__":
    terminal, sys.stdout = sys.stdout, io.StringIO()
    print(json.dumps(asdict(asyncio.run(main()))), file=terminal)
