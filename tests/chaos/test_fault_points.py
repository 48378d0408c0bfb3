"""A killed worker, or a lost answer, at each step of a turn. Each fault has a chat of its own."""

import asyncio
import itertools
import json
import random
from collections.abc import AsyncIterator
from dataclasses import dataclass

import aiohttp
import pytest
import pytest_asyncio

from local.chaos.crowd import Echo, Guest
from local.chaos.fault_plan import FaultPlan
from local.chaos.proxy import Fault
from local.chaos.world import Row, World
from local.simulator.refusal import Json
from troupe.pseudonym import pseudonym
from troupe.telegram.texts import ENGLISH

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(900)]

BEFORE, DURING, AFTER = Fault("kill", "before"), Fault("kill", "during"), Fault("kill", "after")
REFUSE, LOSE, CUT = Fault("refuse"), Fault("lose"), Fault("lose", "during")
BETWEEN_STARTS_S = 0.25
chats = itertools.count(820_000_001)


@dataclass(frozen=True)
class Point:
    """A fault at a step; then how often the answer is shown and how often the model is asked.

    `resumed`: the fault hits the second worker, after the first was killed before it asked the model.
    """

    step: str
    fault: Fault
    shown: int = 1
    asked: int = 1
    times: int = 1
    exactly: bool = True
    resumed: bool = False

    def __str__(self) -> str:
        return f"{self.step} {self.fault.kind} {self.fault.when}{f' {self.times} times' * (self.times > 1)}"


FIRST_DEATH = Point("recall", BEFORE)
POINTS = [
    # The webhook is killed, or its answer is lost: Telegram sends the update again.
    Point("store", BEFORE),
    Point("store", AFTER),
    Point("store", LOSE),
    Point("queue", BEFORE),
    Point("queue", AFTER),
    Point("queue", LOSE),
    # The reply worker is killed: the queue delivers the job again.
    Point("recall", BEFORE),
    Point("recall", AFTER),
    # A second worker has to claim the turn.
    Point("claim", BEFORE, resumed=True),
    Point("claim", AFTER, resumed=True),
    Point("claim", LOSE, resumed=True),
    # As often as the AWS client retries.
    Point("claim", REFUSE, times=3, resumed=True),
    # The model may or may not have been asked by then.
    Point("draft", AFTER, asked=2, exactly=False),
    Point("ask", BEFORE),
    # The worker is killed before it saves the answer: the one case in which an answer is paid for twice.
    Point("ask", DURING, asked=2),
    Point("ask", AFTER, asked=2),
    Point("ask", CUT, asked=2),
    Point("save", BEFORE, asked=2),
    Point("save", AFTER),
    Point("save", LOSE),
    Point("save", REFUSE, times=4),
    Point("send", BEFORE),
    Point("send", REFUSE),
    # The window: the answer is in the chat, and the table does not say so.
    Point("send", AFTER, shown=2),
    Point("send", LOSE, shown=2),
    Point("deliver", BEFORE, shown=2),
    Point("deliver", REFUSE, times=4),
    Point("deliver", LOSE),
    Point("deliver", AFTER),
]
APOLOGIES = [
    Point("give_up", BEFORE, asked=2),
    Point("give_up", AFTER),
    Point("send", BEFORE),
    Point("close", AFTER),
    Point("close", LOSE),
    Point("send", AFTER, shown=2),
    Point("close", BEFORE, shown=2),
]


@dataclass
class Outcome:
    """The result in one chat."""

    guest: Guest
    number: int
    turn: Row
    faults: FaultPlan


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def outcomes(world: World) -> AsyncIterator[dict[str, "asyncio.Task[Outcome]"]]:
    """All faults side by side, because each waits some seconds for a killed worker's jobs to come back.

    They start one after the other, so that the machine need not start dozens of workers at once.
    """
    async with aiohttp.ClientSession() as session:
        planned = [*(("answer", point) for point in POINTS), *(("apology", point) for point in APOLOGIES)]

        async def run_in_turn(place: int, kind: str, point: Point) -> Outcome:
            await asyncio.sleep(BETWEEN_STARTS_S * world.slowness * place)
            return await run_in_chat(world, session, point, fails=kind == "apology")

        tasks = {
            f"{kind}, {point}": asyncio.create_task(run_in_turn(place, kind, point))
            for place, (kind, point) in enumerate(planned)
        }
        yield tasks
        for task in tasks.values():
            task.cancel()


async def run_in_chat(world: World, session: aiohttp.ClientSession, point: Point, *, fails: bool = False) -> Outcome:
    chat_id = next(chats)
    guest = Guest(world, world.simulator.user(chat_id), session, random.Random(chat_id))  # noqa: S311 - repeatable
    await guest.arrive()
    number = chat_id
    if fails:
        world.model.script(code="invalid_api_key", matching=f"[{number}]", times=None)
    world.faults.order(chat_id, point.step, *[point.fault] * point.times)
    if point.resumed:
        world.faults.order(chat_id, FIRST_DEATH.step, FIRST_DEATH.fault)
    message = guest.user.send_text(f"Message [{number}]")
    guest.updates[number] = {"message": message}
    return Outcome(guest, number, await ended(world, message), world.faults)


async def ended(world: World, message: Json) -> Row:
    """The message's turn, once it is delivered or failed."""
    chat_id = message["chat"]["id"]
    while True:
        invocation = world.invocation(chat_id)
        turn = await asyncio.to_thread(world.turn, chat_id, message["message_id"])
        if turn.get("status") in {"delivered", "failed"}:
            return turn
        await invocation.wait()


@pytest.mark.parametrize("point", POINTS, ids=str)
async def test_an_answer_survives(point: Point, outcomes: "dict[str, asyncio.Task[Outcome]]", echo: Echo) -> None:
    outcome = await outcomes[f"answer, {point}"]

    assert injected_as_planned(outcome, point)
    assert outcome.turn["status"] == "delivered"
    assert [answer.count(outcome.number) for answer in outcome.guest.answers()] == [1] * point.shown
    assert echo.asked[outcome.number] in ({point.asked} if point.exactly else {1, point.asked})
    assert len(json.loads(outcome.turn["reply_ids"])) == 1


@pytest.mark.parametrize("point", APOLOGIES, ids=str)
async def test_an_apology_survives(point: Point, outcomes: "dict[str, asyncio.Task[Outcome]]") -> None:
    outcome = await outcomes[f"apology, {point}"]

    assert injected_as_planned(outcome, point)
    assert (outcome.turn["status"], outcome.turn["failure"]) == ("failed", "model_key")
    assert outcome.guest.apologies() == point.shown
    calls = [
        call
        for call in outcome.guest.world.model.calls
        if call.endpoint == "responses" and f"[{outcome.number}]" in call.said
    ]
    assert len(calls) == point.asked


def injected_as_planned(outcome: Outcome, point: Point) -> bool:
    """The planned faults were injected, and no others."""
    ordered = [FIRST_DEATH] * point.resumed + [point] * point.times
    injected = outcome.faults.in_chat(outcome.guest.user.id)
    return [(each.step, each.fault) for each in injected] == [(each.step, each.fault) for each in ordered]


async def test_an_event_reaches_amplitude_once_though_its_function_dies(world: World) -> None:
    """The stream delivers the change again, and Amplitude drops the repeat by its insert id."""
    async with aiohttp.ClientSession() as session:
        guest = Guest(world, world.simulator.user(next(chats)), session, random.Random(1))  # noqa: S311 - repeatable
        world.faults.order_any("upload", BEFORE, AFTER, LOSE, REFUSE)
        await guest.arrive()
    person = pseudonym(guest.user.id)
    await world.amplitude.wait_for_event(
        lambda event: event["user_id"] == person and event["event_type"] == "character_selected"
    )
    events = [event["event_type"] for event in world.amplitude.events if event["user_id"] == person]
    assert sorted(events) == ["character_selected", "registered"]
    assert ENGLISH.apology not in str(world.simulator.messages(guest.user.id))
