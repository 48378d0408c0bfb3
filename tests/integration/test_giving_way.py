"""Newcomers give way: when more messages come in than workers can answer at once, others are answered first."""

import aiohttp
import pytest

from functions.llm_reply.queue_work.crowd import CROWD
from local.simulator.refusal import Json
from local.stack import Stack
from tests.integration.conftest import ids
from tests.integration.guest import Guest
from tests.integration.stored_turns import hand_over, invoke, record, stored
from troupe.clock import now_ms
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import HELD, JOINED
from troupe.users import Person, User, register

pytestmark = pytest.mark.asyncio(loop_scope="session")

DAY_MS = 24 * 3_600_000


@pytest.fixture
def newcomers(stack: Stack, http: aiohttp.ClientSession) -> list[Guest]:
    guests = [Guest(stack.simulator.user(next(ids)), stack, http) for _ in range(CROWD - 1)]
    for guest in guests:
        register(Person(guest.id, "Anna"))
    return guests


def came_long_ago(guest: Guest, *, last_message: str) -> None:
    """:param last_message: how it ended"""
    register(Person(guest.id, "Anna")).update(actions=[User.registered_at.set(now_ms() - 2 * DAY_MS)])
    Turn(guest.id, 1, person_id=guest.id, update_id=1, sent_s=1, received_at=1, status=last_message).save()


def left_of(answer: Json) -> set[str]:
    return {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}


async def test_in_a_crowd_a_known_person_is_answered_and_newcomers_messages_come_back_untouched(
    guest: Guest, newcomers: list[Guest]
) -> None:
    came_long_ago(guest, last_message=JOINED)
    asked = len(guest.stack.model.calls)
    batch = [record(guest.stack, stored(each, "Hello.")) for each in (*newcomers, guest)]

    answer = await hand_over(guest.stack, *batch)

    assert left_of(answer) == {each["messageId"] for each in batch[:-1]}
    assert len(guest.received()) == 1
    assert not any(each.received() for each in newcomers)
    assert len(guest.stack.model.calls) == asked + 1

    assert left_of(await hand_over(guest.stack, *batch[:-1])) == set()
    assert all(len(each.received()) == 1 for each in newcomers)


async def test_a_person_whose_messages_are_held_by_a_limit_gives_way_like_a_newcomer(
    guest: Guest, newcomers: list[Guest]
) -> None:
    came_long_ago(guest, last_message=HELD)
    everybody = [*newcomers, guest]

    answer = await invoke(guest.stack, *(stored(each, "Hello.") for each in everybody))

    assert len(left_of(answer)) == len(everybody)
