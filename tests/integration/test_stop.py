"""A person stops an answer that is being written: by the button on the draft, by /stop, or by writing on."""

import asyncio

import pytest

from local.llm.calls import Call as ModelCall
from tests.integration.guest import PATIENCE_S, Guest, Json
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED, FAILED, JOINED
from troupe.telegram.texts import ENGLISH

pytestmark = pytest.mark.asyncio(loop_scope="session")

LONG = " ".join(f"word{number}" for number in range(2000))


async def begins(guest: Guest, said: str) -> Json:
    """Their message; the first words of a very long answer are in the chat."""
    await guest.chooses("mario")
    guest.stack.model.script(text=LONG, matching=said, delta_delay=0.05)
    message = guest.write(said)
    await guest.stack.simulator.wait_for(lambda: (draft(guest) or {}).get("text"), timeout=PATIENCE_S)
    return message


def draft(guest: Guest) -> dict[str, str] | None:
    return guest.stack.simulator.server.drafts.get(guest.id, (None, 0.0))[0]


def asked(guest: Guest, said: str) -> ModelCall:
    return next(call for call in reversed(guest.stack.model.calls) if said in call.said)


async def test_the_button_ends_the_answer_where_it_is(guest: Guest) -> None:
    message = await begins(guest, "Tell me everything")

    guest.user.stop_generation()

    answer = await guest.hears(2)
    assert LONG.startswith(answer)
    assert "word1999" not in answer
    turn = await guest.turn(message, DELIVERED)
    assert turn.answer == answer
    assert turn.stopped_at
    assert turn.usage["stopped"] == "asked"
    assert await guest.says("And then?")
    assert {"type": "message", "role": "assistant", "content": answer} in asked(guest, "And then?").body["input"]


async def test_no_more_of_a_stopped_answer_is_paid_for(guest: Guest) -> None:
    await begins(guest, "Tell me all you know")

    guest.user.stop_generation()

    async with asyncio.timeout(PATIENCE_S):
        await guest.stack.model.calls.wait_for(
            lambda call: call.said == "Tell me all you know" and call.outcome == "client left"
        )


async def test_the_command_stops_it_too(guest: Guest) -> None:
    await begins(guest, "Tell me a saga")

    guest.write("/stop")

    assert LONG.startswith(await guest.hears(2))


async def test_a_person_who_writes_on_is_answered_after_the_stopped_answer(guest: Guest) -> None:
    await begins(guest, "Tell me a long story")

    guest.write("No, wait")

    assert LONG.startswith(await guest.hears(2))
    assert not LONG.startswith(await guest.hears(3))


async def test_who_writes_on_before_the_first_word_is_answered_once(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text=LONG, matching="Hm", first_delay=30)
    message = guest.write("Hm")
    await guest.stack.simulator.wait_for(lambda: draft(guest), timeout=PATIENCE_S)

    answer = await guest.says("Never mind, hello")

    await guest.turn(message, JOINED)
    assert not LONG.startswith(answer)
    assert len(guest.received()) == 2


async def test_an_answer_stopped_before_its_first_word_can_be_asked_for_again(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text=LONG, matching="Slow one", first_delay=30)
    message = guest.write("Slow one")
    await guest.stack.simulator.wait_for(lambda: draft(guest), timeout=PATIENCE_S)

    guest.user.stop_generation()

    assert await guest.hears(2) == ENGLISH.stopped
    await guest.turn(message, FAILED)
    guest.user.press(guest.received()[-1]["message_id"], ENGLISH.retry)
    assert await guest.hears(3)
    assert not (await guest.turn(message, DELIVERED)).stopped_at


async def test_there_is_nothing_to_stop_when_nothing_is_written(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.says("Hello")

    assert await guest.says("/stop") == ENGLISH.nothing_to_stop


async def test_a_stop_of_an_unknown_draft_changes_nothing(guest: Guest) -> None:
    await guest.chooses("mario")
    stopped = {"chat": guest.user.person.as_chat(), "draft_id": 4_000_000}

    assert await guest.posts({"update_id": 900_000_000 + guest.id, "stopped_message_generation": stopped}) is None
    assert Turn.find(guest.id, 4_000_000) is None
    assert await guest.says("Hello")
