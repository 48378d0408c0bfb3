"""Characters learn facts by themselves, with their source; what is forgotten is gone from every row."""

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from local.llm.calls import Call
from tests.integration.guest import PATIENCE_S, Guest, eventually
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn_states import DELIVERED
from troupe.memories import facts
from troupe.memories.facts import Fact, FactsChangedError, Learned
from troupe.memories.forgetting import forget_all, forget_fact
from troupe.memories.memory_part import MemoryPart
from troupe.pseudonym import pseudonym

pytestmark = pytest.mark.asyncio(loop_scope="session")

NOTES, KEEPER = "You note facts", "You keep the memory"


def learn(guest: Guest, *facts: dict[str, Any]) -> None:
    """Scripts the facts that the model finds in the next turns that leave the prompt."""
    guest.stack.model.script(
        text=f"```json\n{json.dumps({'facts': facts})}\n```",
        matching=lambda call: is_of(guest, call, NOTES),
    )


def is_of(guest: Guest, call: Call, instructions: str) -> bool:
    """Jobs of an earlier test's guest may still ask: they must not get the answers that are meant for this one."""
    asked_for = call.body["safety_identifier"] == pseudonym(guest.id)
    return asked_for and instructions in str(call.body["instructions"])


def prompts(guest: Guest) -> list[str]:
    bodies = [call.body for call in guest.stack.model.calls if call.endpoint == "responses"]
    calls = [str(body["instructions"]) + str(body["input"]) for body in bodies]
    return [prompt for prompt in calls if NOTES not in prompt and KEEPER not in prompt]


async def learned(guest: Guest) -> Learned:
    return await eventually(lambda: found if (found := Learned.read(f"{guest.id}:0:albert:0")).through else None)


async def told(guest: Guest, text: str) -> int:
    message = guest.write(text)
    await guest.turn(message, DELIVERED)
    return int(message["message_id"])


async def test_a_learned_fact_stands_in_every_prompt_and_in_memory_and_names_its_turn(guest: Guest) -> None:
    await guest.chooses("albert")
    source = await told(guest, "My sister Vera lives in Oslo.")
    learn(guest, {"kind": "people", "text": "Anna's sister Vera lives in Oslo.", "turns": [source], "replaces": ""})
    await guest.talks_long()
    (fact,) = (await learned(guest)).facts

    await guest.says("Haha!")

    assert (fact.kind, fact.sources) == ("people", (source,))
    assert fact.said_at > 0
    assert "- Anna's sister Vera lives in Oslo." in prompts(guest)[-1]
    assert "1. Anna's sister Vera lives in Oslo." in await guest.says("/memory")


async def test_a_fact_that_its_turn_does_not_support_is_dropped(guest: Guest) -> None:
    await guest.chooses("albert")
    source = await told(guest, "My sister Vera lives in Oslo.")
    wrong = [("Anna's brother Igor plays the tuba.", source), ("Anna's sister Vera lives in Oslo.", source + 1000),
             ("Anna's sister Vera is 34.", source), ("Anna's sister Vera lives in Bergen.", source)]  # fmt: skip
    learn(guest, *({"kind": "people", "text": text, "turns": [turn], "replaces": ""} for text, turn in wrong))
    await guest.talks_long()

    assert (await learned(guest)).facts == ()


async def test_a_preference_comes_back_when_a_message_bears_on_it(guest: Guest) -> None:
    await guest.chooses("albert")
    source = await told(guest, "I adore plum dumplings.")
    learn(guest, {"kind": "preference", "text": "Anna adores plum dumplings.", "turns": [source], "replaces": ""})
    await guest.talks_long()
    (fact,) = (await learned(guest)).facts

    await guest.says("Fine weather.")
    assert "adores plum" not in prompts(guest)[-1]
    question = guest.write("What should I eat tonight?")
    answered = await guest.turn(question, DELIVERED)
    assert "ago] Anna adores plum dumplings." in prompts(guest)[-1]
    assert answered.recalled["facts"] == [fact.id]


async def test_characters_tell_each_other_only_if_the_person_wants_it(guest: Guest) -> None:
    assert "keeps what you tell them" in await guest.says("/shared")
    assert "may know" in await guest.says("/shared on")
    await guest.chooses("albert")
    source = await told(guest, "My sister Vera lives in Oslo.")
    told_to_all = {"kind": "people", "text": "Anna's sister Vera lives in Oslo.", "turns": [source], "replaces": ""}
    promise = {"kind": "promise", "text": "Anna's sister Vera in Oslo: a promise.", "turns": [source], "replaces": ""}
    learn(guest, told_to_all, promise)
    await guest.talks_long()
    await eventually(lambda: Learned.read(f"person:{guest.id}").facts or None)

    await guest.chooses("mario")
    await guest.says("Hello!")
    assert "- Anna's sister Vera lives in Oslo." in prompts(guest)[-1]
    assert "a promise" not in prompts(guest)[-1]
    await guest.says("/shared off")
    await guest.says("Hello again!")
    assert "Oslo" not in prompts(guest)[-1]


async def test_a_newer_fact_supersedes_and_the_older_one_is_kept_as_past() -> None:
    old = Fact("person", "Anna lives in Rome.", 1, (3,), "c")
    new = Fact("person", "Anna lives in Oslo.", 2, (9,), "c")
    known = Learned((old,)).learn(new, replaces=old.id)

    assert known.facts == (new,)
    assert [(fact.text, fact.replaced_by) for fact in known.past] == [("Anna lives in Rome.", new.id)]
    again = known.learn(Fact("person", "anna lives in oslo.", 3, (11,), "c"))
    assert [(fact.said_at, fact.sources) for fact in again.facts] == [(3, (9, 11))]


async def test_facts_are_bounded_and_the_oldest_leave_room() -> None:
    known = Learned()
    for number in range(450):
        known = known.learn(Fact("event", f"Event {number}", number, (number,), "c"))
    assert len(known.facts) == 200
    assert known.facts[0].text == "Event 250"
    assert len(known.past) == 200


CANARY = "xylograph"


def rows_with_canary(guest: Guest) -> Iterator[str]:
    """The guest's rows of all tables that hold the word, compressed ones too."""
    dynamodb = guest.stack.aws.dynamodb
    for table in ("TurnsTable", "ConversationsTable", "MemoriesTable", "UsersTable"):
        for row in dynamodb.scan(TableName=guest.stack.names[table])["Items"]:
            packed = "body" in row and not row["part"]["S"].startswith("vectors/")
            content = json.dumps(MemoryPart.from_raw_data(row).content) if packed else str(row)
            is_theirs = re.search(rf"(?<!\d){guest.id}(?!\d)", str(row))
            if CANARY in content.lower() and is_theirs:
                yield f"{table}: {content[:200]}"


async def with_canary(guest: Guest) -> Conversation:
    """A conversation whose canary stands in a turn, the index, a fact, the summary, and a turn's recalled ids."""
    await guest.chooses("albert")
    said = f"My secret hobby is {CANARY}."
    # Not the request for a summary, which has the canary in it too.
    guest.stack.model.script(text="How interesting.", matching=lambda call: call.said == said)
    source = await told(guest, said)
    fact = {"kind": "preference", "text": f"Anna's secret hobby is {CANARY}.", "turns": [source], "replaces": ""}
    learn(guest, fact)
    summary = f"Anna told Albert of her {CANARY}."
    guest.stack.model.script(text=summary, matching=lambda call: is_of(guest, call, KEEPER))
    await guest.talks_long()
    await learned(guest)
    guest.stack.model.script(text="You never told me.", matching="secret hobby")
    await told(guest, "Do you know my secret hobby?")
    assert CANARY in prompts(guest)[-1]
    tables = " ".join(rows_with_canary(guest))
    assert all(table in tables for table in ("TurnsTable", "ConversationsTable", "MemoriesTable"))
    return Conversation.of(guest.id, f"{guest.id}:0:albert:0")


async def test_a_forgotten_fact_is_in_no_row_and_no_prompt_any_more(guest: Guest) -> None:
    conversation = await with_canary(guest)
    (fact,) = Learned.read(conversation.conversation_id).facts
    # As if the summary had been saved after this row was read.
    conversation.summary, conversation.summarised_through = None, 0

    assert forget_fact(conversation, guest.id, fact.id)

    assert list(rows_with_canary(guest)) == []
    await told(guest, "And my hobby?")
    assert CANARY not in prompts(guest)[-1]
    assert not forget_fact(conversation, guest.id, fact.id)


async def test_the_button_under_memory_forgets_a_learned_fact_wholly(guest: Guest) -> None:
    await with_canary(guest)
    await guest.says("/memory")
    guest.user.press(guest.received()[-1]["message_id"], "Forget 1")
    await guest.stack.simulator.wait_for(lambda: CANARY not in guest.texts()[-1], timeout=PATIENCE_S)
    assert list(rows_with_canary(guest)) == []


async def test_a_conversation_that_is_forgotten_whole_leaves_nothing_and_goes_on(guest: Guest) -> None:
    conversation = await with_canary(guest)

    forget_all(conversation, guest.id)

    assert list(rows_with_canary(guest)) == []
    await told(guest, "Hello again.")
    assert CANARY not in prompts(guest)[-1]
    assert "Question 8?" not in prompts(guest)[-1]


async def test_of_two_who_change_the_facts_at_once_neither_loses_the_others_change(guest: Guest) -> None:
    owner = f"{guest.id}:0:ada:0"
    bees, oslo = (Fact("person", text, 1, (1,), owner) for text in ("Anna keeps bees.", "Anna lives in Oslo."))
    tries: list[Learned] = []

    def slowly(known: Learned) -> Learned:
        tries.append(known)
        if len(tries) == 1:
            facts.change(owner, lambda meanwhile: meanwhile.learn(oslo))
        return known.learn(bees)

    facts.change(owner, slowly)
    assert set(Learned.read(owner).facts) == {bees, oslo}

    def always_too_late(known: Learned) -> Learned:
        facts.change(owner, lambda meanwhile: Learned(meanwhile.facts, through=meanwhile.through + 1))
        return known.without([(owner, 1)])

    with pytest.raises(FactsChangedError):
        facts.change(owner, always_too_late)
    assert set(Learned.read(owner).facts) == {bees, oslo}


async def test_a_new_conversation_does_not_read_what_was_said_to_others_before(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.says("Hello, Mario!")
    await guest.chooses("albert")
    first = await told(guest, "Hello, Albert!")
    await told(guest, "How are you?")

    conversation = Conversation.of(guest.id, f"{guest.id}:0:albert:0")
    assert conversation.first_turn_id == first
    assert conversation.unsummarised_after == first - 1
    assert "Hello, Albert!" in prompts(guest)[-1]
