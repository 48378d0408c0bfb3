"""Rows of several tables, read in one request."""

import itertools
from collections.abc import Iterator
from typing import Any

import pytest

from functions.llm_reply.prompting.prompt import Speakers
from functions.llm_reply.prompting.recalled import query_for
from functions.llm_reply.prompting.stored_memory import StoredMemory
from local.stack import Stack
from troupe import aws, tables
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED
from troupe.memories import facts, index_store
from troupe.memories.facts import Fact, Learned, shared_owner
from troupe.memories.memory_part import write_parts
from troupe.memories.segments import Manifest
from troupe.spending.days import PersonDay, account_of
from troupe.users import User

people = itertools.count(690_000_001)


@pytest.fixture
def requests() -> Iterator[list[str]]:
    """The operations that are asked of DynamoDB meanwhile."""
    asked: list[str] = []

    def note(model: Any, **_: object) -> None:
        asked.append(model.name)

    events = aws.client("dynamodb").meta.events
    events.register("before-call.dynamodb", note)
    yield asked
    events.unregister("before-call.dynamodb", note)


def read_all_of(person: int) -> list[Any]:
    return tables.read_together(
        (User, (person,)), (PersonDay, (account_of(person), "2026-11-25")), (Conversation, (person, "a"))
    )


def test_rows_of_three_tables_are_one_request_and_a_missing_one_is_none(stack: Stack, requests: list[str]) -> None:
    del stack
    person = next(people)
    User(person, first_name="Anna", registered_at=1).save()
    Conversation(person, "a", facts=["Anna has a cat."]).save()
    requests.clear()
    user, day, conversation = read_all_of(person)
    assert requests == ["BatchGetItem"]
    assert (user.first_name, day, conversation.facts) == ("Anna", None, ["Anna has a cat."])


def test_a_row_that_a_busy_table_leaves_out_is_read_by_itself(stack: Stack) -> None:
    del stack
    person = next(people)
    User(person, first_name="Anna", registered_at=1).save()
    Conversation(person, "a", facts=["Anna has a cat."]).save()

    def leave_out(parsed: dict[str, Any], **_: object) -> None:
        name = Conversation.connected_name()
        parsed["Responses"].pop(name)
        parsed["UnprocessedKeys"][name] = {"Keys": [Conversation.key(person, "a")]}

    events = aws.client("dynamodb").meta.events
    events.register("after-call.dynamodb.BatchGetItem", leave_out)
    user, day, conversation = read_all_of(person)
    events.unregister("after-call.dynamodb.BatchGetItem", leave_out)
    assert (user.first_name, day, conversation.facts) == ("Anna", None, ["Anna has a cat."])


def test_facts_shared_facts_and_the_index_are_one_request(stack: Stack, requests: list[str]) -> None:
    del stack
    person = next(people)
    conversation = Conversation(person, f"{person}:0:ada:0")
    for owner, text in (
        (conversation.conversation_id, "Anna keeps bees."),
        (shared_owner(person), "Anna lives in Riga."),
    ):
        learned = Learned((Fact("person", text, 1, (1,), conversation.conversation_id),))
        write_parts(owner, {facts.PART: learned.stored[facts.PART]})
    said = Turn(
        person, 1, person_id=person, update_id=1, sent_s=1, received_at=1, status=DELIVERED, text="My hive is blue.",
        answer="Yes.", conversation_id=conversation.conversation_id,
    )  # fmt: skip
    index_store.add(conversation, [said])
    query = query_for("What is my hive like?", "", Speakers("Ada", "Anna"))
    requests.clear()

    stored = StoredMemory.read(conversation, query, shares=True)
    assert requests == ["BatchGetItem"]
    assert [fact.text for fact in stored.facts] == ["Anna keeps bees.", "Anna lives in Riga."]
    assert stored.parts.keys() == set(Manifest.of(conversation.index).parts_wanted(query.weights))
    assert [fact.text for fact in StoredMemory.read(conversation, query, shares=False).facts] == ["Anna keeps bees."]
