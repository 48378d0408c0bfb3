"""How long people wait for a function that has just started, for an idle one and for a busy one: over TLS, with the
share of a processor that the function's memory buys.

Lambda starts a function with a whole processor; its first request has the share.
"""

import asyncio
import json
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from statistics import median

from bench import slowness
from bench.aws_stub import MAX_IDLE_S
from bench.backstage import Backstage
from bench.counts import ANSWERED, MODEL_S
from bench.packages import Packages
from bench.quota import limited
from bench.starts import EVENT, SUBJECTS, Subject, stub, webhooks
from bench.turns import Troupe, record
from bench.workers import Worker, at_work

BUSY_REQUESTS = 5
# httpx closes a connection after 5 s without a request.
IDLE_S = 5.5
ANSWER = ANSWERED[0]
TEN = 10

# Seconds by state: "after INIT", "after idle", "busy".
States = dict[str, list[float]]
Request = Callable[[], Awaitable[float]]


async def webhook(packages: Packages, rounds: int, memory_mb: int) -> dict[str, States]:
    """One request, ours and that of a bare client, which puts and sends as ours does.

    :raises NoQuotaError: this machine can't limit a process
    """
    slow = await asyncio.to_thread(slowness.measure, packages)
    event = json.loads(EVENT.read_bytes())
    subjects = webhooks(packages)
    found: dict[str, States] = {}
    with stub() as cloud:
        for _ in range(rounds):
            for name in ("webhook", "bare botocore"):
                variables = cloud.variables(ours=subjects[name].is_ours)
                async with at_work(packages.python, subjects[name], variables) as worker:
                    with limited(worker.pid, memory_mb, slow):

                        async def request(worker: Worker = worker) -> float:
                            return (await worker.invoke(event)).wall_s

                        await _note(found.setdefault(name, defaultdict(list)), request, 2 * MAX_IDLE_S)
    return found


async def _note(states: States, request: Request, idle_s: float) -> None:
    states["after INIT"].append(await request())
    await asyncio.sleep(idle_s)
    states["after idle"].append(await request())
    states["busy"].append(median([await request() for _ in range(BUSY_REQUESTS)]))


@dataclass(frozen=True)
class Replies:
    """Seconds until the model is asked, ours and a bare client's; and of a whole batch of ten."""

    asked: dict[str, States]
    ten: States


async def replies(packages: Packages, backstage: Backstage, rounds: int, memory_mb: int) -> Replies:
    """:raises NoQuotaError: this machine can't limit a process"""
    slow = await asyncio.to_thread(slowness.measure, packages)
    backstage.model.script(text=ANSWER, delta_delay=MODEL_S / len(ANSWER.split()), times=None)
    found = Replies({"reply function": defaultdict(list), "bare client": defaultdict(list)}, defaultdict(list))
    for _ in range(rounds):
        await _ours(packages, backstage, found, memory_mb, slow)
        await _bare(packages, backstage, found, memory_mb, slow)
    backstage.model.clear_script()
    return found


async def _ours(packages: Packages, backstage: Backstage, found: Replies, memory_mb: int, slow: float) -> None:
    async with Troupe.playing(packages, backstage) as troupe:
        people = [troupe.person() for _ in range(TEN)]
        with limited(troupe.reply.pid, memory_mb, slow):

            async def request() -> float:
                await troupe.receive(people[0], "What are you working on today?")
                backstage.requests.clear()
                answered = await troupe.answer(1)
                return _asked(backstage) - answered.began

            async def ten() -> float:
                for person in people:
                    await troupe.receive(person, "What are you working on today?")
                return (await troupe.answer(TEN)).wall_s

            await _note_once(found.asked["reply function"], request, backstage)
            for state, idle_s in (("after idle", IDLE_S), ("busy", 0)):
                await _idle(backstage, idle_s)
                found.ten[state].append(await ten())


async def _bare(packages: Packages, backstage: Backstage, found: Replies, memory_mb: int, slow: float) -> None:
    subject = Subject("bare_reply", (packages.ours["llm_reply"], SUBJECTS))
    variables = {**backstage.variables, "AWS_CA_BUNDLE": backstage.variables["SSL_CERT_FILE"]}
    async with (
        Troupe.playing(packages, backstage) as troupe,
        at_work(packages.python, subject, variables) as worker,
    ):
        person = troupe.person()
        with limited(worker.pid, memory_mb, slow):

            async def request() -> float:
                await troupe.receive(person, "What are you working on today?")
                messages = await asyncio.to_thread(troupe.take, 1)
                backstage.requests.clear()
                did = await worker.invoke({"Records": [record(messages[0], "bench")]})
                await asyncio.to_thread(troupe.delete, messages)
                return _asked(backstage) - did.began

            await _note_once(found.asked["bare client"], request, backstage)


async def _note_once(states: States, request: Request, backstage: Backstage) -> None:
    for state, idle_s in (("after INIT", 0), ("after idle", IDLE_S), ("busy", 0)):
        await _idle(backstage, idle_s)
        states[state].append(await request())


async def _idle(backstage: Backstage, seconds: float) -> None:
    if seconds:
        backstage.front.close_connections()
        await asyncio.sleep(seconds)


def _asked(backstage: Backstage) -> float:
    """When the model's server had the first request, in seconds since 1970."""
    return next(one.began for one in backstage.requests if one.path.endswith("/responses"))
