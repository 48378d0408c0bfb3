"""An answer is said aloud, at a button or always, beside its text or instead of it."""

from collections.abc import Callable
from dataclasses import replace

import pytest
import pytest_asyncio

from functions.llm_reply.text_to_speech.voice_note import voice_note
from local.simulator import Fault
from local.simulator.files import contents
from local.simulator.refusal import Json
from tests.integration.guest import PATIENCE_S, Guest, eventually
from troupe import user_admin
from troupe.conversations.conversation import Conversation
from troupe.conversations.jobs.answering import SpeakJob
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED
from troupe.spending.days import PersonDay, account_of
from troupe.telegram.texts import ENGLISH
from troupe.users import User

pytestmark = pytest.mark.asyncio(loop_scope="session")


def voices(guest: Guest) -> list[Json]:
    return [message for message in guest.received() if "voice" in message]


def asked_to_speak(guest: Guest) -> list[Json]:
    """The requests about what this guest hears."""
    mark = str(guest.id)
    return [call.body for call in guest.stack.model.calls if call.endpoint == "speech" and mark in call.said]


def with_buttons(guest: Guest) -> list[Json]:
    return [message for message in guest.received() if "reply_markup" in message]


async def sees_that(guest: Guest, holds: Callable[[], bool]) -> None:
    await guest.stack.simulator.wait_for(holds, timeout=PATIENCE_S)


async def hears_a_voice(guest: Guest, count: int = 1) -> Json:
    await sees_that(guest, lambda: len(voices(guest)) >= count)
    return voices(guest)[count - 1]


def answered(guest: Guest, words: str = "*leans in* Mamma mia, {id}! **What** a day.") -> Json:
    """The guest's own messages."""
    guest.stack.model.script(text=words.format(id=guest.id), matching=f"Hello {guest.id}")
    return guest.write(f"Hello {guest.id}")


def sound_of(guest: Guest, message: Json) -> bytes:
    found = contents(guest.stack.simulator.server.state, message["voice"]["file_id"])
    assert found is not None
    return found


@pytest_asyncio.fixture(loop_scope="session")
async def listener(guest: Guest) -> Guest:
    await guest.chooses("ada")
    return guest


async def test_the_button_says_an_answer_in_the_voice_of_its_character(listener: Guest) -> None:
    message = answered(listener)
    shown = await listener.sees(2)

    listener.user.press(shown["message_id"], ENGLISH.say)

    heard = await hears_a_voice(listener)
    (asked,) = asked_to_speak(listener)
    assert (asked["input"], asked["voice"]) == (f"Mamma mia, {listener.id}! What a day.", "coral")
    assert heard["reply_to_message"]["message_id"] == shown["message_id"]
    seconds = voice_note(sound_of(listener, heard)).seconds
    assert heard["voice"]["duration"] == round(seconds)
    turn = await eventually(lambda: spoken(listener, message))
    assert turn.speech["id"] == heard["message_id"]
    today = list(PersonDay.query(account_of(listener.id)))
    assert not today[0].open


def spoken(guest: Guest, message: Json, by: str = "") -> Turn | None:
    turn = Turn.find(guest.id, message["message_id"])
    return turn if turn and turn.speech and by in turn.speech["asked_by"] else None


async def test_a_second_press_sends_the_same_voice_message_without_another_request(listener: Guest) -> None:
    message = answered(listener)
    shown = await listener.sees(2)
    listener.user.press(shown["message_id"], ENGLISH.say)
    first = await hears_a_voice(listener)
    await eventually(lambda: spoken(listener, message))

    listener.user.press(shown["message_id"], ENGLISH.say)

    assert (await hears_a_voice(listener, 2))["voice"]["file_id"] == first["voice"]["file_id"]
    assert len(asked_to_speak(listener)) == 1


async def test_every_answer_is_said_beside_its_text(listener: Guest) -> None:
    await chooses_mode(listener, "both")
    answered(listener)

    heard = await hears_a_voice(listener)

    written = [message for message in listener.received() if "Mamma" in message.get("text", "")]
    assert len(written) == 1
    assert heard["message_id"] > written[0]["message_id"]


async def chooses_mode(guest: Guest, mode: str) -> None:
    await guest.says("/voice")
    button = ENGLISH.voice_modes[mode]
    query = guest.user.press(guest.received()[-1]["message_id"], button)
    assert (await guest.toast(query))["text"] == ENGLISH.voice_set[mode]


async def test_every_answer_is_said_instead_of_its_text_and_undo_takes_it_out_of_the_chat(listener: Guest) -> None:
    written = await listener.says(f"Good evening, {listener.id}")
    await chooses_mode(listener, "voice")
    message = answered(listener)

    heard = await hears_a_voice(listener)
    turn = await listener.turn(message, DELIVERED)

    assert turn.reply_ids == [heard["message_id"]]
    await sees_that(listener, lambda: not [each for each in with_buttons(listener) if each.get("text") == written])
    assert not [text for text in listener.texts() if "Mamma" in text]
    drafts = [call for call in listener.stack.simulator.calls if call.method == "sendMessageDraft"]
    shown = [call for call in drafts if call.chat_id == listener.id]
    assert not [call for call in shown if call.params["draft_id"] == message["message_id"]]
    listener.user.press(heard["message_id"], ENGLISH.take_back)
    await sees_that(listener, lambda: not voices(listener))


async def test_the_words_of_a_voice_message_come_at_its_button_once(listener: Guest) -> None:
    await listener.says("/voice voice")
    message = answered(listener)
    heard = await hears_a_voice(listener)

    listener.user.press(heard["message_id"], ENGLISH.write_out)
    written = await listener.sees(4)
    assert written["text"] == f"leans in Mamma mia, {listener.id}! What a day."
    turn = await eventually(lambda: shown_by(listener, message, 2))
    assert turn.reply_ids == [written["message_id"], heard["message_id"]]
    listener.user.press(heard["message_id"], ENGLISH.write_out)

    # The buttons under the voice message go when the next answer comes.
    listener.stack.model.script(text="*nods*", matching=f"And then, {listener.id}?")
    assert await listener.says(f"And then, {listener.id}?") == "nods"
    await sees_that(listener, lambda: "reply_markup" not in voices(listener)[0])


def shown_by(guest: Guest, message: Json, count: int) -> Turn | None:
    turn = Turn.find(guest.id, message["message_id"])
    return turn if turn and len(turn.reply_ids) == count else None


async def test_a_voice_message_that_telegram_takes_at_the_second_try_is_made_once(listener: Guest) -> None:
    answered(listener)
    shown = await listener.sees(2)
    listener.stack.simulator.faults.add(Fault(method="sendVoice", chat_id=listener.id, error_code=429, retry_after=1))

    listener.user.press(shown["message_id"], ENGLISH.say)

    await hears_a_voice(listener)
    assert len(asked_to_speak(listener)) == 1


async def test_a_job_that_comes_again_says_nothing_twice(listener: Guest) -> None:
    message = answered(listener)
    await listener.sees(2)
    job = SpeakJob(
        person_id=listener.id, chat_id=listener.id, turn_id=message["message_id"], language="en", correlation_id="once"
    )
    enqueue(job, f"first {listener.id}")
    await hears_a_voice(listener)
    await eventually(lambda: spoken(listener, message))
    enqueue(job, f"again {listener.id}")
    enqueue(replace(job, correlation_id="twice", pressed=True), f"another {listener.id}")

    await hears_a_voice(listener, 2)
    turn = await eventually(lambda: spoken(listener, message, by="twice"))
    assert turn.speech["id"] == voices(listener)[1]["message_id"]
    assert len(voices(listener)) == 2


async def test_an_answer_that_is_taken_back_while_it_is_said_leaves_no_voice_message(listener: Guest) -> None:
    answered(listener)
    shown = await listener.sees(2)
    listener.stack.model.script(endpoint="speech", matching=str(listener.id), hang=1.5)
    listener.user.press(shown["message_id"], ENGLISH.say)
    await listener.stack.model.wait_for_call(
        lambda call: call.endpoint == "speech" and str(listener.id) in call.said and call.outcome == "in progress"
    )

    listener.user.press(shown["message_id"], ENGLISH.take_back)

    def removed() -> bool:
        calls = [call for call in listener.stack.simulator.calls if call.chat_id == listener.id and call.ok]
        sent = [call.result["message_id"] for call in calls if call.method == "sendVoice"]
        gone = [each for call in calls if call.method == "deleteMessages" for each in call.params["message_ids"]]
        return bool(sent) and set(sent) <= set(gone)

    await sees_that(listener, removed)
    assert not voices(listener)


async def test_a_person_at_their_limit_is_told_at_the_button_and_has_the_text(listener: Guest) -> None:
    answered(listener)
    shown = await listener.sees(2)
    user_admin.set_allowance(listener.id, messages_per_day=None, dollars_per_day=0.0000001)

    listener.user.press(shown["message_id"], ENGLISH.say)

    assert (await listener.hears(3)).startswith(ENGLISH.limits["dollars_per_person_day"].partition("{")[0])
    assert not asked_to_speak(listener)


async def test_an_answer_with_no_spoken_words_or_too_many_comes_in_writing(listener: Guest) -> None:
    await listener.says("/voice voice")
    answered(listener, "*smiles at {id}*")
    assert await listener.hears(3) == f"smiles at {listener.id}"

    long = "Word by word. " * 90
    listener.stack.model.script(text=long, matching=f"More, {listener.id}")
    listener.write(f"More, {listener.id}")

    assert await listener.hears(4) == long.strip()
    assert (await hears_a_voice(listener))["voice"]["duration"] > 30


async def test_another_answer_takes_the_voice_message_of_the_one_before_away(listener: Guest) -> None:
    answered(listener)
    shown = await listener.sees(2)
    listener.user.press(shown["message_id"], ENGLISH.say)
    await hears_a_voice(listener)
    listener.stack.model.script(text="Quite another thing.", matching=f"Hello {listener.id}")

    listener.user.press(shown["message_id"], ENGLISH.another)

    await sees_that(listener, lambda: not voices(listener) and "Quite another thing." in listener.texts())


async def test_a_greeting_is_said_and_so_is_the_one_that_is_swiped_to(guest: Guest) -> None:
    await guest.says("/voice both")
    await guest.chooses("mario")
    first = await hears_a_voice(guest)
    greeting = next(each for each in with_buttons(guest) if "text" in each)
    button = greeting["reply_markup"]["inline_keyboard"][0][-1]["text"]

    guest.user.press(greeting["message_id"], button)

    await sees_that(guest, lambda: [each["message_id"] for each in voices(guest)] != [first["message_id"]])
    second = await hears_a_voice(guest)
    assert sound_of(guest, second) != sound_of(guest, first)
    (conversation,) = Conversation.query(guest.id)
    recorded = await eventually(lambda: Conversation.get(guest.id, conversation.conversation_id).greeting_speech)
    assert recorded["id"] == second["message_id"]


async def test_the_answer_that_is_swiped_to_is_said_in_place_of_the_one_before(listener: Guest) -> None:
    await chooses_mode(listener, "both")
    answered(listener)
    await hears_a_voice(listener)
    listener.stack.model.script(text=f"Quite another thing, {listener.id}.", matching=f"Hello {listener.id}")
    shown = next(each for each in with_buttons(listener) if "Mamma" in each.get("text", ""))
    listener.user.press(shown["message_id"], ENGLISH.another)
    await sees_that(listener, lambda: len(asked_to_speak(listener)) == 2 and len(voices(listener)) == 1)

    shown = next(each for each in with_buttons(listener) if "Quite" in each.get("text", ""))
    listener.user.press(shown["message_id"], "◀")

    await sees_that(listener, lambda: len(asked_to_speak(listener)) == 3 and len(voices(listener)) == 1)
    said = [asked["input"] for asked in asked_to_speak(listener)]
    assert said[1:] == [f"Quite another thing, {listener.id}.", f"Mamma mia, {listener.id}! What a day."]


@pytest.mark.parametrize(
    "wording",
    [None, "Bad Request: user restricted receiving of voice messages", "Bad Request: voice messages forbidden"],
)
async def test_a_person_who_forbids_voice_messages_gets_text_and_one_explanation(
    listener: Guest, wording: str | None
) -> None:
    if wording:
        fault = Fault(method="sendVoice", chat_id=listener.id, error_code=400, description=wording, times=1)
        listener.stack.simulator.faults.add(fault)
    else:
        listener.user.forbid_voice()
    await listener.says("/voice voice")
    answered(listener)
    assert await listener.hears(4) == f"leans in Mamma mia, {listener.id}! What a day."
    assert listener.texts()[2] == ENGLISH.voice_forbidden

    listener.stack.model.script(text="Again in writing.", matching=f"And now, {listener.id}?")
    assert await listener.says(f"And now, {listener.id}?") == "Again in writing."
    query = listener.user.press(listener.received()[-1]["message_id"], ENGLISH.say)
    assert (await listener.toast(query))["text"] == ENGLISH.voice_forbidden
    assert listener.texts().count(ENGLISH.voice_forbidden) == 1
    assert not voices(listener)

    listener.user.forbid_voice(forbidden=False)
    await listener.says("/voice text")
    user = User.find(listener.id)
    assert user
    assert user.voice_refused_at is None


async def test_a_server_that_does_not_speak_leaves_the_text_and_says_so_at_the_button(listener: Guest) -> None:
    answered(listener)
    shown = await listener.sees(2)
    listener.stack.model.script(status=404, endpoint="speech", matching=str(listener.id))

    listener.user.press(shown["message_id"], ENGLISH.say)

    assert await listener.hears(3) == ENGLISH.voiceless
