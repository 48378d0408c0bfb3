"""Limits on facts, summaries, choices and updates: the largest that is taken, and the next one."""

import json

import pytest

from local.stack import Stack
from tests.integration.guest import Guest, Json, eventually
from troupe import choices
from troupe.clock import now_ms
from troupe.conversations import turn_intake
from troupe.conversations.conversation import Conversation
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.jobs.remembering import SummarizeJob
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED
from troupe.telegram.texts import ENGLISH
from troupe.users import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")


def memory_of(guest: Guest, character: str = "mario") -> Conversation:
    return Conversation.of(guest.id, f"{guest.id}:0:{character}:0")


async def test_twenty_facts_are_remembered_and_a_twenty_first_is_not(guest: Guest) -> None:
    await guest.chooses("mario")
    facts = [f"fact number {number}" for number in range(1, 20)]
    memory_of(guest).change_facts(facts)

    assert "/memory 20" in await guest.says("/memory the last fact")
    assert await guest.says("/memory one too many") == ENGLISH.too_many_facts
    # The memory follows, with its buttons to forget a fact.
    assert "20. the last fact" in await guest.hears(4)
    assert memory_of(guest).facts == [*facts, "the last fact"]
    assert "/memory 20" in await guest.says("/memory 20 corrected")
    assert "/memory 3" in await guest.says("/memory fact number 3")
    assert memory_of(guest).facts == [*facts, "corrected"]


async def test_a_number_beyond_the_facts_is_part_of_a_new_fact(guest: Guest) -> None:
    await guest.chooses("mario")
    memory_of(guest).change_facts(["my goose is called Honk"])

    assert "/memory 2" in await guest.says("/memory 2 geese are mine")
    assert memory_of(guest).facts == ["my goose is called Honk", "2 geese are mine"]


async def test_a_fact_is_remembered_up_to_its_300th_character(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.says("/memory " + "a" * 300)
    await guest.says("/memory " + "b" * 301)
    assert memory_of(guest).facts == ["a" * 300, "b" * 300]

    await guest.says("/memory 1 " + "c" * 301)
    assert memory_of(guest).facts == ["c" * 300, "b" * 300]


async def test_a_summary_that_the_model_makes_too_long_is_cut(guest: Guest) -> None:
    from functions.llm_reply.jobs.remembering.summarize import MAX_SUMMARY  # noqa: PLC0415 - reads the settings of the stack

    await guest.says("/start")
    name = f"{guest.id}:0:albert:0"
    for number in range(1, 12):
        turn = Turn(
            guest.id, number, person_id=guest.id, update_id=number, sent_s=1, received_at=now_ms(), status=DELIVERED,
            text="What is time? " * 40, answer="Tick tock. " * 60, character_id="albert", conversation_id=name,
        )  # fmt: skip
        turn_intake.receive(turn)
    told = "Anna keeps bees. " * 200
    guest.stack.model.script(text=told, matching=lambda call: "You keep the memory" in str(call.body["instructions"]))
    job = SummarizeJob(
        person_id=guest.id, chat_id=guest.id, conversation_id=name, character_id="albert", through_id=11,
        summarised_through=0,
    )  # fmt: skip
    enqueue(job, f"summarize:{guest.id}")

    summary = await eventually(lambda: memory_of(guest, "albert").summary)
    assert MAX_SUMMARY / 2 < len(summary) <= MAX_SUMMARY < len(told)
    assert told.startswith(summary)


async def test_the_eight_newest_choices_are_known(guest: Guest) -> None:
    person, first = Person(guest.id, "Fickle"), now_ms()
    for number in range(8):
        user = choices.choose(person, ("mario", "nemo")[number % 2])
    assert user is not None
    assert [switch[1] for switch in user.switches] == ["mario", "nemo"] * 4
    assert user.switches[0][0] >= first

    user = choices.choose(person, "ada")
    assert user is not None
    assert [switch[1] for switch in user.switches] == ["nemo", *["mario", "nemo"] * 3, "ada"]


def update_of(guest: Guest, message_id: int, length: int) -> str:
    """An update with a message to store, that many characters long in all."""
    message = guest.unsent("Hello") | {"message_id": message_id}
    update: Json = {"update_id": 6_000_000 + message_id, "message": message, "padding": ""}
    return json.dumps(update | {"padding": "x" * (length - len(json.dumps(update)))})


@pytest.mark.parametrize(("length", "stored"), [(512_000, True), (512_001, False)])
async def test_an_update_of_512000_characters_is_read_and_a_longer_one_is_not(
    guest: Guest, stack: Stack, length: int, stored: bool
) -> None:
    body = update_of(guest, 77, length)
    assert len(body) == length
    headers = {"X-Telegram-Bot-Api-Secret-Token": stack.secret}
    async with guest.http.post(f"{stack.url}/telegram/webhook", data=body, headers=headers) as response:
        assert response.status == 200

    assert (Turn.find(guest.id, 77) is not None) == stored
