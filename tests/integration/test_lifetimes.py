"""Lifetimes on both sides of their end: caches, leases, and the time for which Telegram is tried."""

import json
from collections.abc import Iterator
from datetime import timedelta

import pytest

from functions.llm_reply.prompting import cards
from functions.webapp_select import picker_list
from local.simulator.faults import Fault
from local.simulator.refusal import Json
from tests.integration.guest import Guest
from tests.integration.stored_turns import hand_over, invoke, job_record, stored
from troupe.characters.character import Character
from troupe.clock import ahead_by, now_ms
from troupe.conversations import turn_lease
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import FAILED, GIVEN_UP, TurnBusyError
from troupe.telegram.texts import ENGLISH

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Short of a minute, so that a slow machine does not come to its end.
NEARLY_A_MINUTE = timedelta(seconds=45)
A_MINUTE = timedelta(seconds=60)


def put(name: str, tagline: str, position: int | None = None) -> None:
    """A public copy of Mario, with this tagline in the picker and as his description."""
    mario = Character.get("mario")
    card = json.loads(mario.card)
    card["data"]["description"] = tagline
    mario.character_id, mario.card, mario.position = name, json.dumps(card), position
    mario.locales = {"en": mario.locales["en"] | {"tagline": tagline}}
    mario.save()


def description(name: str) -> str | None:
    card = cards.card_of(name)
    return card.data.description if card else None


@pytest.fixture
def no_cards_kept() -> Iterator[None]:
    cards._kept.clear()
    yield
    cards._kept.clear()


@pytest.mark.usefixtures("no_cards_kept")
async def test_a_card_is_kept_for_a_minute_and_then_read_again() -> None:
    put("kept", "Before")
    assert description("kept") == "Before"
    put("kept", "After")

    with ahead_by(NEARLY_A_MINUTE):
        assert description("kept") == "Before"
    with ahead_by(A_MINUTE):
        assert description("kept") == "After"


@pytest.mark.usefixtures("no_cards_kept")
async def test_using_a_card_does_not_make_it_last_longer() -> None:
    put("used", "Before")
    assert description("used") == "Before"
    put("used", "After")

    with ahead_by(NEARLY_A_MINUTE):
        assert description("used") == "Before"
        with ahead_by(A_MINUTE - NEARLY_A_MINUTE):
            assert description("used") == "After"


@pytest.mark.usefixtures("no_cards_kept")
async def test_twenty_four_cards_are_kept_and_the_one_that_was_used_longest_ago_makes_room() -> None:
    names = [f"many-{number}" for number in range(25)]
    for name in names:
        put(name, "Before")
    for name in names[:24]:
        assert description(name) == "Before"
    for name in names:
        put(name, "After")

    assert description(names[0]) == "Before"
    assert description(names[24]) == "After"
    assert description(names[1]) == "After"
    assert description(names[0]) == "Before"
    assert len(cards._kept) == 24


@pytest.mark.usefixtures("no_cards_kept")
async def test_a_character_that_does_not_exist_is_looked_for_again(guest: Guest) -> None:
    name = f"not-yet-{guest.id}"
    assert description(name) is None
    put(name, "Here")
    assert description(name) == "Here"


async def test_the_pickers_list_is_kept_for_a_minute_and_then_read_again(guest: Guest) -> None:
    async def tagline() -> str:
        async with guest.http.get(f"{guest.stack.url}/api/characters") as response:
            listed = {each["id"]: each["tagline"] for each in (await response.json())["characters"]}
            return str(listed["in-the-list"])

    put("in-the-list", "Before", position=95)
    picker_list._kept = None
    assert await tagline() == "Before"
    put("in-the-list", "After", position=95)

    with ahead_by(NEARLY_A_MINUTE):
        assert await tagline() == "Before"
    with ahead_by(A_MINUTE):
        assert await tagline() == "After"
    Character("in-the-list").delete()
    picker_list._kept = None


async def test_a_lease_holds_to_its_end_and_names_the_wait(guest: Guest) -> None:
    message = stored(guest, "Mine for a minute")
    turn_lease.claim(guest.id, message["message_id"], now_ms() + 60_000)

    with ahead_by(timedelta(seconds=30)), pytest.raises(TurnBusyError) as busy:
        turn_lease.claim(guest.id, message["message_id"], now_ms() + 60_000)
    assert 0 < busy.value.wait_ms <= 30_001
    with ahead_by(timedelta(seconds=60, milliseconds=1)):
        turn_lease.claim(guest.id, message["message_id"], now_ms() + 60_000)


def telegram_fails(guest: Guest, times: int = 1) -> None:
    guest.stack.simulator.faults.add(Fault("sendMessage", guest.id, error_code=502, times=times))


async def tried_at(guest: Guest, message: Json, age: timedelta) -> tuple[bool, Turn]:
    """Whether the job stays on the queue after a try at that age, and the turn."""
    with ahead_by(age):
        left = await invoke(guest.stack, message, receives=2)
    turn = Turn.get(guest.id, message["message_id"])
    return bool(left["batchItemFailures"]), turn


async def test_an_answer_is_tried_for_a_day_and_its_apology_for_a_second_one(guest: Guest) -> None:
    message = stored(guest, f"A day later, {guest.id}")
    telegram_fails(guest, times=4)

    stays, turn = await tried_at(guest, message, timedelta(hours=23, minutes=59))
    assert (stays, turn.status, turn.failure) == (True, "answered", "telegram_unsure")
    stays, turn = await tried_at(guest, message, timedelta(hours=24, minutes=1))
    assert (stays, turn.status) == (True, GIVEN_UP)
    stays, turn = await tried_at(guest, message, timedelta(hours=47, minutes=59))
    assert (stays, turn.status) == (True, GIVEN_UP)
    assert guest.received() == []

    stays, turn = await tried_at(guest, message, timedelta(hours=47, minutes=59, seconds=30))
    assert (stays, turn.status) == (False, FAILED)
    assert guest.texts() == [ENGLISH.apology]


async def test_an_apology_that_can_not_be_sent_for_two_days_is_left(guest: Guest) -> None:
    message = stored(guest, f"Two days later, {guest.id}")
    telegram_fails(guest, times=3)

    assert (await tried_at(guest, message, timedelta(0)))[0]
    stays, turn = await tried_at(guest, message, timedelta(hours=48, minutes=1))
    assert (stays, turn.status, turn.failure) == (False, FAILED, "telegram_unsure")
    assert guest.received() == []


async def test_a_pressed_retry_begins_a_day_of_its_own(guest: Guest) -> None:
    message = stored(guest, f"A new day, {guest.id}")
    turn = Turn(guest.id, message["message_id"])
    now = now_ms()
    turn.update(
        actions=[
            Turn.retries.set(1),
            Turn.received_at.set(now - timedelta(days=3) // timedelta(milliseconds=1)),
            Turn.retried_at.set(now),
        ]
    )
    telegram_fails(guest)

    stays, turn = await tried_at(guest, message, timedelta(hours=23, minutes=59))
    assert (stays, turn.status) == (True, "answered")


@pytest.mark.parametrize(("age", "stays"), [(timedelta(hours=23, minutes=59), True), (timedelta(days=1), False)])
async def test_a_greeting_is_tried_for_a_day_and_then_apologised_for(guest: Guest, age: timedelta, stays: bool) -> None:
    welcome = await guest.says("/start")
    greeting = job_record(guest.stack, guest.greet_job("mario"))
    telegram_fails(guest)
    with ahead_by(age):
        left = await hand_over(guest.stack, greeting)

    assert bool(left["batchItemFailures"]) == stays
    assert [text for text in guest.texts() if text != welcome] == ([] if stays else [ENGLISH.apology])
