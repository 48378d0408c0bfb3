"""Lines of long ago are recalled when they bear on a message."""

from typing import Any

import pytest

from tests.integration.guest import Guest, eventually
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED
from troupe.memories.segments import Manifest

pytestmark = pytest.mark.asyncio(loop_scope="session")

KEEPER = "You keep the memory"


def asked(guest: Guest) -> list[dict[str, Any]]:
    """The lines of the newest prompt of an answer."""
    bodies = [call.body for call in guest.stack.model.calls if call.endpoint == "responses"]
    lines: list[dict[str, Any]] = [body for body in bodies if KEEPER not in str(body["instructions"])][-1]["input"]
    return lines


async def test_a_turn_of_long_ago_stands_right_before_the_question_that_it_answers(guest: Guest) -> None:
    await guest.chooses("albert")
    told = guest.write("My goose is called Honk and she hates rain.")
    await guest.turn(told, DELIVERED)
    await guest.talks_long()

    question = guest.write("Do you remember what my goose is called?")
    answered = await guest.turn(question, DELIVERED)

    lines = asked(guest)
    place = next(place for place, line in enumerate(lines) if "<memories>" in line["content"])
    memories, message = lines[place : place + 2]
    assert "My goose is called Honk" not in str(lines[:place])
    assert memories["role"] == "developer"
    assert "Anna: My goose is called Honk and she hates rain." in memories["content"]
    assert "ago]" in memories["content"]
    assert "goose" in message["content"]
    assert answered.recalled["turns"][0] == told["message_id"]


async def test_nothing_is_recalled_for_small_talk_and_for_new_subjects(guest: Guest) -> None:
    await guest.chooses("albert")
    await guest.says("My goose is called Honk.")
    await guest.talks_long()

    for message in ("Haha, okay!", "Where did my accordion teacher grow up?"):
        await guest.says(message)
        assert "<memories>" not in str(asked(guest)), message


async def test_a_turn_that_was_taken_back_is_not_recalled(guest: Guest) -> None:
    await guest.chooses("albert")
    told = guest.write("My goose is called Honk.")
    await guest.turn(told, DELIVERED)
    await guest.talks_long()
    Turn(guest.id, told["message_id"]).update([Turn.status.set("withdrawn")])

    await guest.says("What is my goose called?")

    assert "Honk" not in str(asked(guest))


async def test_a_conversation_from_before_the_index_is_indexed_when_it_is_next_spoken_in(guest: Guest) -> None:
    await guest.chooses("albert")
    await guest.says("My goose is called Honk.")
    conversation = await guest.talks_long()
    indexed = Manifest.of(conversation.index)
    conversation.update([Conversation.index.remove()])

    await guest.says("Hello again.")
    again = await eventually(lambda: Conversation.of(guest.id, conversation.conversation_id).index)
    await guest.says("What is my goose called?")

    assert Manifest.of(again).through >= indexed.through
    assert "Honk" in str(asked(guest))
