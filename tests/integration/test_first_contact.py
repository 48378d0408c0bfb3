"""Before their first chat people hear that an AI plays the characters, and state their age where that is asked for."""

import pytest

from functions.llm_reply.safety.session import HOUR_MS, MAX_GAP_MS
from tests.integration.guest import Guest, eventually
from troupe.age import NO_HOLDS_MS
from troupe.clock import now_ms
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED, UNADDRESSED
from troupe.telegram.texts.en import ENGLISH
from troupe.telegram.texts.ru import RUSSIAN
from troupe.users import User

pytestmark = pytest.mark.asyncio(loop_scope="session")

QUESTION = ENGLISH.age_question.format(age=18)
YES, NO = ENGLISH.age_yes.format(age=18), ENGLISH.age_no


@pytest.fixture
def adults_only(monkeypatch: pytest.MonkeyPatch) -> None:
    for function in ("llm_reply", "webhook"):
        monkeypatch.setattr(f"functions.{function}.settings.least_age", 18)


def heard(guest: Guest) -> list[str]:
    return [message["text"] for message in guest.heard()]


async def test_the_first_greeting_comes_with_the_notice_of_the_ai_and_no_later_one(visitor: Guest) -> None:
    greeting = await visitor.chooses("mario")
    assert heard(visitor) == [RUSSIAN.ai_notice, greeting]
    await visitor.chooses("sherlock")
    assert heard(visitor).count(RUSSIAN.ai_notice) == 1


async def test_a_welcomed_person_is_not_told_of_the_ai_again(guest: Guest) -> None:
    guest.write("/start")
    assert "AI" in await guest.hears(1)
    await guest.chooses("mario")
    assert ENGLISH.ai_notice not in heard(guest)


@pytest.mark.usefixtures("adults_only")
async def test_an_age_is_asked_before_the_cast_is_offered(guest: Guest) -> None:
    guest.write("/start")
    assert await guest.hears(1) == QUESTION
    guest.user.press(guest.received()[-1]["message_id"], YES)
    assert (await guest.hears(2)).startswith("Hi, Anna!")
    user = User.find(guest.id)
    assert user
    assert user.stated_age == 18
    assert now_ms() - user.stated_age_at < HOUR_MS
    # The question has no buttons any more.
    assert "reply_markup" not in guest.received()[0]
    await guest.chooses("mario")
    assert QUESTION not in heard(guest)[1:]


@pytest.mark.usefixtures("adults_only")
async def test_a_choice_in_the_picker_waits_for_the_age_and_then_greets(guest: Guest) -> None:
    assert await guest.chooses("mario") == QUESTION
    assert await guest.says("Hello?") == QUESTION
    guest.user.press(guest.received()[-1]["message_id"], YES)
    greeting = await guest.hears(3)
    assert heard(guest) == [QUESTION, QUESTION, ENGLISH.ai_notice, greeting]
    guest.stack.model.script(text="Here we go.", matching="So?")
    assert await guest.says("So?") == "Here we go."


@pytest.mark.usefixtures("adults_only")
async def test_a_person_who_is_too_young_gets_a_sentence_and_no_chat(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.user.press(guest.received()[-1]["message_id"], NO)
    assert await guest.hears(2) == ENGLISH.too_young
    message = guest.write("Please")
    assert await guest.hears(3) == ENGLISH.too_young
    assert (await guest.turn(message, UNADDRESSED)).answer is None
    guest.write("/start")
    assert await guest.hears(4) == ENGLISH.too_young
    assert await guest.chooses("sherlock") == ENGLISH.too_young
    assert not [call for call in guest.stack.model.calls if "Please" in call.said]

    # They may have pressed the wrong button.
    User(guest.id).update(actions=[User.stated_age_at.set(now_ms() - NO_HOLDS_MS)])
    guest.write("/start")
    assert await guest.hears(6) == QUESTION


@pytest.mark.usefixtures("adults_only")
async def test_a_no_is_not_taken_back_under_the_same_question_of_another_message(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.says("Hello?")
    first, second = guest.received()
    guest.user.press(second["message_id"], NO)
    assert await guest.hears(3) == ENGLISH.too_young

    toast = await guest.toast(guest.user.press(first["message_id"], YES))

    assert toast["text"] == ENGLISH.too_young
    user = User.find(guest.id)
    assert user
    assert user.stated_age == 0


async def test_an_answer_from_before_the_age_was_asked_for_stays(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    await guest.chooses("mario")
    answered = await spoken(guest, "One")
    monkeypatch.setattr("functions.llm_reply.settings.least_age", 18)
    guest.user.press(guest.received()[-1]["message_id"], ENGLISH.another)

    assert await guest.hears(3) == QUESTION
    turn = await guest.turn({"message_id": int(answered.message_id)}, DELIVERED)
    assert (turn.answer, turn.reply_ids) == (answered.answer, answered.reply_ids)


@pytest.mark.usefixtures("adults_only")
async def test_a_higher_age_is_asked_for_anew(guest: Guest) -> None:
    User(guest.id).update(actions=[User.stated_age.set(16), User.stated_age_at.set(now_ms())])
    assert await guest.chooses("mario") == QUESTION


@pytest.mark.usefixtures("adults_only")
async def test_a_crisis_brings_help_lines_at_any_age(guest: Guest) -> None:
    guest.write("I want to die")
    assert await guest.hears(2) == QUESTION
    assert guest.texts()[0].startswith(ENGLISH.crisis)


async def test_after_hours_without_a_break_people_are_reminded_once_before_the_answer(guest: Guest) -> None:
    await guest.chooses("mario")
    await spoken(guest, "One")
    started = await begun_before(guest, 3 * HOUR_MS)
    count = len(guest.received())
    message = guest.write("Three")
    await guest.hears(count + 2)
    assert guest.texts()[count] == ENGLISH.ai_reminder
    turn = await guest.turn(message, DELIVERED)
    assert turn.session_at == started
    assert turn.reminder_sent_at <= turn.delivered_at

    await spoken(guest, "Four")
    assert guest.texts().count(ENGLISH.ai_reminder) == 1


async def test_a_break_begins_a_new_session(guest: Guest) -> None:
    await guest.chooses("mario")
    first = await spoken(guest, "One")
    Turn(guest.id, first.message_id).update(
        actions=[
            Turn.session_at.set(int(first.received_at) - 3 * HOUR_MS),
            Turn.received_at.set(int(first.received_at) - MAX_GAP_MS - 60_000),
        ]
    )
    second = await spoken(guest, "Two")
    assert second.session_at == second.received_at
    assert ENGLISH.ai_reminder not in guest.texts()


async def test_no_reminder_comes_where_the_operator_wants_none(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("functions.llm_reply.settings.ai_reminder_hours", 0)
    await guest.chooses("mario")
    await spoken(guest, "One")
    await begun_before(guest, 24 * HOUR_MS)
    await spoken(guest, "Two")
    assert ENGLISH.ai_reminder not in guest.texts()


async def spoken(guest: Guest, text: str) -> Turn:
    return await guest.turn(guest.write(text), DELIVERED)


async def begun_before(guest: Guest, milliseconds: int) -> int:
    """Moves the beginning of the session of the newest turn back; the new beginning."""
    newest = await eventually(lambda: next(iter(Turn.query(guest.id, scan_index_forward=False)), None))
    started = int(newest.session_at) - milliseconds
    newest.update(actions=[Turn.session_at.set(started)])
    return started
