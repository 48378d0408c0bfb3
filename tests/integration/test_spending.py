"""Limits on messages and money, as people meet them."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from local.simulator.samples import SAMPLES
from local.stack import Stack
from tests.integration.guest import Guest, eventually
from tests.integration.log_lines import Said, with_metric
from troupe import user_admin
from troupe.clock import ahead_by, now_ms
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED, FAILED, HELD, WITHDRAWN
from troupe.spending.days import PersonDay, account_of, day_of
from troupe.spending.limits import Limit
from troupe.telegram.texts import ENGLISH, RUSSIAN

pytestmark = pytest.mark.asyncio(loop_scope="session")
SETTINGS = "functions.llm_reply.settings.limits"


@pytest.fixture
def noon() -> Iterator[None]:
    """Half a minute past noon, some days ahead: no limit renews during a test, and nobody has spent anything."""
    with ahead_by(timedelta(days=30, hours=12, seconds=30, milliseconds=-(now_ms() % 86_400_000))):
        yield


def words(text: str) -> str:
    """A text of the bot as it is shown, without its Markdown."""
    return text.replace("*", "")


def today(guest: Guest) -> PersonDay | None:
    return PersonDay.find(account_of(guest.id), day_of(now_ms()))


def calls(stack: Stack, text: str) -> int:
    return len([call for call in stack.model.calls if text in json.dumps(call.body)])


@pytest.mark.usefixtures("noon")
async def test_at_the_days_limit_a_person_is_told_once_and_the_next_days_answer_takes_in_all_they_wrote(
    guest: Guest, stack: Stack
) -> None:
    await guest.says("/start mario")
    user_admin.set_allowance(guest.id, messages_per_day=1, dollars_per_day=None)
    await guest.says("The first of them.")

    told = await guest.says("A second, of pomelos.")
    assert told == (
        "wipes his forehead with his cap Mamma mia, no coins left for today! Write me everything, I keep it safe: "
        "let's-a go on in about 12 hours."
    )
    third = await guest.turn(guest.write("A third, of quinces."), HELD)
    assert third.failure == Limit.MESSAGES
    assert guest.texts()[-1] == told
    assert calls(stack, "pomelos") == calls(stack, "quinces") == 0

    with ahead_by(timedelta(days=1)):
        await guest.says("And now?")
        row = today(guest)
    assert calls(stack, "pomelos") == calls(stack, "quinces") == 1
    assert row
    assert row.messages == 1


@pytest.mark.usefixtures("noon")
async def test_try_again_under_the_notice_answers_all_that_was_held_back(visitor: Guest, stack: Stack) -> None:
    await visitor.says("/start nemo")
    user_admin.set_allowance(visitor.id, messages_per_day=None, dollars_per_day=0.000_000_1)
    await visitor.says("Здравствуйте!")
    told = await visitor.says("Сколько лье до помело?")
    assert "Наутилус" in told
    assert told.endswith("когда всплывём, примерно через 12 часов.")
    held = visitor.write("И до айвы?")
    await visitor.turn(held, HELD)
    notice = visitor.received()[-1]["message_id"]

    # Silence would be no answer to a pressed button.
    visitor.user.press(notice, RUSSIAN.retry)
    assert await visitor.hears(4) == told
    await visitor.turn(held, HELD)
    user_admin.set_allowance(visitor.id, messages_per_day=None, dollars_per_day=1)
    visitor.user.press(notice, RUSSIAN.retry)
    await visitor.hears(5)
    (asked,) = [str(call.body["input"]) for call in stack.model.calls if "айвы" in str(call.body)]
    assert "помело" in asked


@pytest.mark.usefixtures("noon")
async def test_try_again_under_a_notice_does_nothing_once_an_answer_has_taken_the_message_in(guest: Guest) -> None:
    await guest.says("/start mario")
    user_admin.set_allowance(guest.id, messages_per_day=1, dollars_per_day=None)
    await guest.says("The first of them.")
    held = guest.write("A second, of pomelos.")
    await guest.turn(held, HELD)
    notice = guest.received()[-1]["message_id"]
    user_admin.set_allowance(guest.id, messages_per_day=0, dollars_per_day=None)
    await guest.says("A third, of quinces.")

    toast = await guest.toast(guest.user.press(notice, ENGLISH.retry))

    assert toast["text"] == ENGLISH.old_button
    await guest.turn(held, HELD)


@pytest.mark.usefixtures("noon")
async def test_a_voice_note_beyond_the_days_limit_is_heard_and_answered_by_try_again(
    guest: Guest, stack: Stack
) -> None:
    await guest.says("/start mario")
    user_admin.set_allowance(guest.id, messages_per_day=1, dollars_per_day=None)
    await guest.says("The first of them.")
    message = guest.user.send_voice()
    held = await guest.turn(message, HELD)
    assert held.conversation_id == f"{guest.id}:0:mario:0"
    user_admin.set_allowance(guest.id, messages_per_day=0, dollars_per_day=None)
    stack.model.script(text="I keep bees", endpoint="transcriptions")

    guest.user.press(guest.received()[-1]["message_id"], ENGLISH.retry)

    assert (await guest.turn(message, DELIVERED)).text == "I keep bees"


@pytest.mark.usefixtures("noon")
async def test_messages_beyond_the_minutes_limit_are_answered_when_it_is_over(
    guest: Guest, stack: Stack, monkeypatch: pytest.MonkeyPatch, hidden: list[int]
) -> None:
    from functions.llm_reply import settings  # noqa: PLC0415 - reads the settings of the stack

    await guest.says("/start ada")
    monkeypatch.setattr(SETTINGS, replace(settings.limits, messages_per_minute=1))
    # Three seconds before the minute is over.
    with ahead_by(timedelta(seconds=27)):
        await guest.says("One.")
        told = await guest.says("Two.")
        assert told == words(ENGLISH.limits[Limit.MINUTE]).format(when="in about a minute")
        assert await eventually(lambda: True if hidden and hidden[-1] <= 4 else None)
        await guest.turn(guest.write("Three."), DELIVERED)
    assert "Two." in str(list(stack.model.calls)[-1].body)


@pytest.mark.usefixtures("noon")
async def test_at_the_bots_limit_nobody_is_answered_operators_are_told_and_the_next_day_all_are(
    guest: Guest, visitor: Guest, monkeypatch: pytest.MonkeyPatch, said: Said
) -> None:
    from functions.llm_reply import settings  # noqa: PLC0415 - reads the settings of the stack

    monkeypatch.setattr(SETTINGS, replace(settings.limits, bot_day=1))
    with ahead_by(timedelta(days=3)):
        await guest.says("/start mario")
        await visitor.says("/start mario")
        await guest.says("Hello!")
        told = await visitor.says("Привет!")
        assert told == words(RUSSIAN.limits[Limit.DAY]).format(when="примерно через 12 часов")
        assert await eventually(lambda: with_metric(said.lines(), "AccountRefused"))
    with ahead_by(timedelta(days=4)):
        assert "12" not in await visitor.says("А теперь?")


@pytest.mark.usefixtures("noon")
async def test_what_an_answer_cost_is_booked_as_the_provider_counts_it(guest: Guest, stack: Stack) -> None:
    from functions.llm_reply.llm.bill import PRICE  # noqa: PLC0415 - reads the settings of the stack

    await guest.says("/start sherlock")
    turn = await guest.turn(guest.write("Whose pipe is this?"), DELIVERED)
    row = today(guest)
    assert row
    assert turn.usage["output"] > 0
    assert row.nanodollars == round(PRICE.of(turn.usage) * 10**9)
    assert row.open == {}

    stack.model.script(code="rate_limit_exceeded", matching="Elementary?")
    await guest.turn(guest.write("Elementary?"), DELIVERED)
    row = today(guest)
    # Two requests, of which the provider refused one.
    assert row
    assert (row.messages, row.open) == (2, {})


@pytest.mark.usefixtures("noon")
async def test_undo_takes_back_a_message_that_a_limit_holds_and_the_answer_before_it(guest: Guest) -> None:
    await guest.says("/start mario")
    user_admin.set_allowance(guest.id, messages_per_day=1, dollars_per_day=None)
    answered = guest.write("The first of them.")
    await guest.turn(answered, DELIVERED)
    undo = guest.received()[-1]["message_id"]
    held = guest.write("A second, of pomelos.")
    await guest.turn(held, HELD)

    guest.user.press(undo, ENGLISH.take_back)
    await guest.turn(answered, WITHDRAWN)
    assert Turn.get(guest.id, held["message_id"]).status == HELD
    guest.write("/undo")
    await guest.turn(held, WITHDRAWN)


@pytest.mark.usefixtures("noon")
async def test_the_words_under_a_voice_note_beyond_a_limit_are_checked_before_a_later_answer_takes_them_in(
    guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.llm_reply.clients.moderation.kind", "openai")
    await guest.says("/start mario")
    user_admin.set_allowance(guest.id, messages_per_day=1, dollars_per_day=None)
    await guest.says("The first of them.")
    message = guest.unsent("") | {"voice": SAMPLES["voice"]["voice"], "caption": "[flag sexual/minors] My song"}
    del message["text"]

    await guest.delivers(message, 800_000_000 + message["message_id"])

    assert (await guest.turn(message, FAILED)).failure == "moderation_refused"
    assert guest.texts()[-1] == ENGLISH.against_rules


@pytest.mark.usefixtures("noon")
async def test_checks_that_cost_money_are_booked_and_not_made_beyond_a_limit(
    guest: Guest, stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.llm_reply.clients.moderation.kind", "decisions")
    await guest.says("/start mario")
    user_admin.set_allowance(guest.id, messages_per_day=1, dollars_per_day=None)
    await guest.says("The first of them.")
    row = today(guest)
    assert row
    assert (row.messages, row.requests, row.open) == (1, 2, {})

    held = await guest.turn(guest.write("A second, of medlars."), HELD)
    assert held.is_unchecked
    assert calls(stack, "medlars") == 0
    user_admin.set_allowance(guest.id, messages_per_day=0, dollars_per_day=None)
    await guest.says("A third, of quinces.")
    assert calls(stack, "medlars") == 0
