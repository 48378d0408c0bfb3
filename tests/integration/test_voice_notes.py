"""A voice note is heard, shown as a quiet quote, and answered like text."""

import json

import pytest

from local.simulator.ogg import silent_note
from local.simulator.samples import SAMPLES
from tests.integration.guest import Guest, Json
from troupe.conversations import turn_edits
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED, FAILED
from troupe.telegram.texts import ENGLISH

pytestmark = pytest.mark.asyncio(loop_scope="session")


def heard_by_the_model(guest: Guest) -> int:
    return len([call for call in guest.stack.model.calls if call.endpoint == "transcriptions"])


def says_aloud(guest: Guest, words: str, **behaviour: float | str) -> Json:
    guest.stack.model.script(text=words, endpoint="transcriptions", **behaviour)
    return guest.user.send_voice()


async def test_a_voice_note_is_answered_like_text(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="Bees! Mamma mia!", matching="I keep bees 🐝")

    message = says_aloud(guest, "I keep bees 🐝")

    assert await guest.hears(3) == "Bees! Mamma mia!"
    assert (await guest.turn(message, DELIVERED)).text == "I keep bees 🐝"
    quote = guest.received()[1]
    assert quote["text"].splitlines() == ["I keep bees 🐝", ENGLISH.misheard]
    assert quote["reply_to_message"]["message_id"] == message["message_id"]
    assert quote["entities"][0] == {"type": "expandable_blockquote", "offset": 0, "length": 14}


async def test_misheard_words_are_corrected(guest: Guest) -> None:
    await guest.chooses("mario")
    says_aloud(guest, "I keep knees")
    await guest.hears(3)
    guest.stack.model.script(text="Ah, bees!", matching="I keep bees")

    guest.write("/heard I keep bees")

    await guest.stack.simulator.wait_for(lambda: "Ah, bees!" in guest.texts())


async def test_a_voice_note_is_transcribed_once_though_its_answer_takes_two_tries(guest: Guest) -> None:
    await guest.chooses("mario")
    before = heard_by_the_model(guest)
    guest.stack.model.script(status=500, matching="Say it twice")

    says_aloud(guest, "Say it twice")

    await guest.hears(3)
    assert heard_by_the_model(guest) == before + 1


async def test_a_voice_note_without_words_is_said_to_have_none(guest: Guest) -> None:
    await guest.chooses("mario")

    message = says_aloud(guest, "  ")

    assert await guest.hears(2) == ENGLISH.unheard
    await guest.turn(message, FAILED)


async def test_a_silent_voice_note_is_not_transcribed(guest: Guest) -> None:
    """Models make up words for silence."""
    await guest.chooses("mario")
    before = heard_by_the_model(guest)

    guest.user.send_recording(silent_note(3), 3)

    assert await guest.hears(2) == ENGLISH.unheard
    assert heard_by_the_model(guest) == before


async def test_a_file_that_the_server_can_not_read_is_said_to_have_no_words(guest: Guest) -> None:
    await guest.chooses("mario")
    error = {
        "message": "Audio file might be corrupted or unsupported",
        "type": "invalid_request_error",
        "param": "file",
    }
    guest.stack.model.script(
        status=400, raw=json.dumps({"error": error}), raw_type="application/json", endpoint="transcriptions"
    )

    message = guest.user.send_voice()

    assert await guest.hears(2) == ENGLISH.unheard
    await guest.turn(message, FAILED)


@pytest.mark.parametrize("too_much", [{"duration": 601}, {"file_size": 11 * 2**20}])
async def test_a_voice_note_that_is_too_long_is_not_fetched(guest: Guest, too_much: dict[str, int]) -> None:
    await guest.chooses("mario")
    message = guest.unsent("") | {"voice": SAMPLES["voice"]["voice"] | too_much}
    del message["text"]

    await guest.delivers(message, 800_000_000 + message["message_id"])

    assert await guest.hears(2) == ENGLISH.long_sound


async def test_a_server_without_ears_leads_to_a_request_for_words(guest: Guest) -> None:
    await guest.chooses("mario")

    says_aloud(guest, "", status=404)

    assert await guest.hears(2) == ENGLISH.words_only


async def test_the_words_under_a_sound_that_nobody_can_hear_are_answered(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text=" ", endpoint="transcriptions")
    message = guest.unsent("") | {"voice": SAMPLES["voice"]["voice"], "caption": f"Our song, {guest.id}"}
    del message["text"]
    guest.stack.model.script(text="I know it!", matching=f"Our song, {guest.id}")

    await guest.delivers(message, 800_000_000 + message["message_id"])

    assert await guest.hears(2) == "I know it!"


async def test_a_voice_note_to_nobody_is_not_transcribed(guest: Guest) -> None:
    before = heard_by_the_model(guest)

    guest.user.send_voice()

    assert await guest.hears(1) == ENGLISH.choose_first
    assert heard_by_the_model(guest) == before


async def test_words_that_correct_a_voice_note_while_it_is_heard_stay(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="Ah, bees!", matching=f"I keep the bees of {guest.id}")
    message = says_aloud(guest, "I keep knees", hang=1)
    await guest.stack.model.wait_for_call(
        lambda call: call.endpoint == "transcriptions" and call.outcome == "in progress"
    )
    # Not by /heard, which comes through the same door and leaves the same row.
    turn_edits.reword(guest.id, message["message_id"], f"I keep the bees of {guest.id}", 1)

    assert await guest.hears(2) == "Ah, bees!"


async def test_only_a_voice_note_can_have_been_misheard(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.says("Hello")

    assert await guest.says("/heard Goodbye") == ENGLISH.nothing_heard
    assert (Turn.find(guest.id, guest.received()[-1]["message_id"] - 1)) is None
