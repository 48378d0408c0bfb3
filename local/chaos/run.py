"""One chaos run: guests start chats, write during a storm of faults and wait for its end; a verdict follows."""

import asyncio
import random
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp

from local.chaos.crowd import Echo, Guest
from local.chaos.fault_plan import FaultPlan
from local.chaos.pace import Pace
from local.chaos.proxy import Fault
from local.chaos.running import running_world
from local.chaos.verdict import Verdict, judge
from local.chaos.world import World

FIRST_CHAT = 810_000_001
KILL, DONE_AND_KILLED = Fault("kill", "before"), Fault("kill", "after")
REFUSE, LOSE, ERROR, STALL = Fault("refuse"), Fault("lose"), Fault("error"), Fault("stall", seconds=1)
# The probability of each fault, each time a chat reaches a step.
DEATHS = ((0.006, KILL), (0.006, DONE_AND_KILLED))
ODDS = {
    "store": (*DEATHS, (0.01, REFUSE), (0.01, LOSE)),
    "queue": (*DEATHS, (0.01, REFUSE), (0.01, LOSE)),
    "claim": (*DEATHS, (0.01, LOSE), (0.01, STALL)),
    "recall": (*DEATHS, (0.01, REFUSE)),
    "reserve": (*DEATHS, (0.01, REFUSE), (0.01, LOSE)),
    "reserve_for_bot": (*DEATHS, (0.01, REFUSE), (0.01, LOSE)),
    "settle": (*DEATHS, (0.01, REFUSE), (0.01, LOSE)),
    "settle_for_bot": (*DEATHS, (0.01, REFUSE), (0.01, LOSE)),
    "ask": (
        *DEATHS,
        (0.01, Fault("kill", "during")),
        (0.01, Fault("lose", "during")),
        (0.02, ERROR),
        (0.01, STALL),
    ),
    "draft": (*DEATHS, (0.03, ERROR), (0.02, STALL)),
    "save": (*DEATHS, (0.01, REFUSE), (0.01, LOSE), (0.01, ERROR)),
    "send": (*DEATHS, (0.02, REFUSE), (0.005, LOSE), (0.02, ERROR)),
    "record": (*DEATHS, (0.01, LOSE)),
    "deliver": (*DEATHS, (0.01, REFUSE), (0.01, LOSE), (0.01, ERROR)),
    "give_up": DEATHS,
    "close": DEATHS,
    "release": DEATHS,
    "upload": ((0.02, KILL), (0.02, DONE_AND_KILLED), (0.02, ERROR), (0.02, LOSE)),
}
# Outages of a whole service: at which share of the messages, the service, the fault, and for how many seconds.
OUTAGES = (
    (0.15, "dynamodb", REFUSE, 3), (0.3, "telegram", ERROR, 3), (0.4, "openai", ERROR, 4), (0.55, "sqs", ERROR, 3),
    (0.65, "amplitude", REFUSE, 5), (0.75, "dynamodb", Fault("stall", seconds=2), 3), (0.85, "openai", REFUSE, 3),
)  # fmt: skip
RESTART_AT = 0.5
QUIET_S = 2


@dataclass(frozen=True)
class Size:
    chats: int = 60
    messages: int = 3000
    patience_s: float = 40
    pace: Pace = field(default_factory=Pace)


async def run(size: Size, seed: int, say: Callable[[str], None]) -> Verdict:
    echo, faults = Echo(), FaultPlan(seed, ODDS)
    with tempfile.TemporaryDirectory(prefix="troupe-chaos-") as folder:
        async with running_world(Path(folder), faults, echo, size.pace) as world, _crowd(world, size, seed) as guests:
            say(f"{size.chats} people have started; {size.messages} messages follow, seed {seed}")
            await _storm(world, guests, size, say)
            say("the storm is over")
            await asyncio.gather(*(guest.finish(world.stretched(3 * size.patience_s)) for guest in guests))
            await _settle(world)
            return judge(world, guests, echo)


@asynccontextmanager
async def _crowd(world: World, size: Size, seed: int) -> AsyncIterator[list[Guest]]:
    async with aiohttp.ClientSession() as session:
        guests = [
            Guest(world, world.simulator.user(FIRST_CHAT + n), session, random.Random(f"{seed}/{n}"))  # noqa: S311 - repeatable
            for n in range(size.chats)
        ]
        await asyncio.gather(*(guest.arrive() for guest in guests))
        yield guests


async def _storm(world: World, guests: Sequence[Guest], size: Size, say: Callable[[str], None]) -> None:
    share = size.messages // size.chats
    patience_s = world.stretched(size.patience_s)

    def progress() -> float:
        return sum(len(guest.updates) for guest in guests) / (share * size.chats)

    with world.faults.storm():
        async with asyncio.TaskGroup() as group:
            reporting = group.create_task(_report(world, progress, say))
            group.create_task(_inject_outages(world, progress, say))
            async with asyncio.TaskGroup() as talks:
                for n, guest in enumerate(guests):
                    talks.create_task(guest.talk(list(range(n * share + 1, (n + 1) * share + 1)), patience_s))
            reporting.cancel()


async def _inject_outages(world: World, progress: Callable[[], float], say: Callable[[str], None]) -> None:
    events: list[tuple[float, str, Fault | None, float]] = [*OUTAGES, (RESTART_AT, "emulator", None, 0)]
    for at, service, fault, seconds in sorted(events, key=lambda event: event[0]):
        while progress() < at:  # noqa: ASYNC110 - progress is summed over many guests
            await asyncio.sleep(0.1)
        if fault is None:
            say("the emulator restarts")
            await world.restart_emulator()
            continue
        say(f"{service}: {fault.kind} for {seconds} s")
        with world.faults.outage(service, fault):
            await asyncio.sleep(seconds)


async def _report(world: World, progress: Callable[[], float], say: Callable[[str], None]) -> None:
    started = time.monotonic()
    while True:
        await asyncio.sleep(10)
        faults, deaths = len(world.faults.injected), world.faults.deaths
        say(f"{time.monotonic() - started:4.0f} s  {progress():4.0%}  {faults} faults, {deaths} workers killed")


async def _settle(world: World) -> None:
    """Waits until the queue is empty and no more events arrive."""
    quiet, count = 0.0, -1
    deadline = time.monotonic() + world.stretched(60)
    while quiet < QUIET_S and time.monotonic() < deadline:
        left = await asyncio.to_thread(world.jobs_left)
        quiet, count = (
            (quiet + 0.5 if not left and count == len(world.amplitude.events) else 0.0),
            len(world.amplitude.events),
        )
        await asyncio.sleep(0.5)
