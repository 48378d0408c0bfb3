"""The stored index finds the same lines as an index in memory, after any merges, and follows changes of turns."""

import pytest

from tests.integration.guest import Guest
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED, WITHDRAWN
from troupe.memories import index_store
from troupe.memories.index_store import IndexChangedError, found_in
from troupe.memories.memory_part import MemoryPart, part_names, read_parts, write_parts
from troupe.memories.segments import Manifest, Segment, contents
from troupe.recall.stems import stem

pytestmark = pytest.mark.asyncio(loop_scope="session")

NUMBER, ANSWER = stem("number"), stem("answer")
TERMS = [NUMBER, ANSWER, "7", "599"]


def turn(guest: Guest, number: int, text: str | None = None) -> Turn:
    said = f"Word {number}, number {number % 10}." if text is None else text
    return Turn(
        guest.id, number, person_id=guest.id, update_id=1, sent_s=1, received_at=1000 * number, status=DELIVERED,
        text=said, answer="An answer.", conversation_id=f"{guest.id}:0:ada:0",
    )  # fmt: skip


def look_up(conversation: Conversation) -> index_store.Found:
    known = Manifest.of(conversation.index)
    return found_in(known, TERMS, read_parts(conversation.conversation_id, known.parts_wanted(TERMS)))


async def test_segments_are_merged_and_hold_every_turn_once(guest: Guest) -> None:
    conversation = Conversation(guest.id, f"{guest.id}:0:ada:0")
    rows = [turn(guest, number) for number in range(1, 601)]
    for start in range(0, 600, 50):
        index_store.add(conversation, rows[start : start + 50])

    found = look_up(conversation)
    assert found.turn_at == {place: place + 1 for place in range(600)}
    assert found.postings[NUMBER] == [2 * place for place in range(600)]
    assert found.postings[ANSWER] == [2 * place + 1 for place in range(600)]
    assert found.postings["7"] == [2 * place for place in range(600) if (place + 1) % 10 == 7]
    assert found.postings["599"] == [2 * 598]
    segments = Manifest.of(conversation.index).segments
    assert [segment.level for segment in segments] == [1, 1, 1]
    # The merged items are gone, and no item is large.
    assert set(part_names(conversation.conversation_id)) == {part for segment in segments for part in segment.parts}
    assert all(len(row.body) < 20_000 for row in MemoryPart.query(conversation.conversation_id))


async def test_a_segment_of_the_first_layout_is_read_corrected_and_merged(guest: Guest) -> None:
    conversation = Conversation(guest.id, f"{guest.id}:0:ada:0")
    old = Segment(0, 2, version=0)
    write_parts(conversation.conversation_id, contents(old, {NUMBER: [0, 2], ANSWER: [1, 3]}, [1, 2]))
    conversation.save_index({"segments": [[0, 2, 0]], "through": 2, "changes": 0})
    assert look_up(conversation).turn_at == {0: 1, 1: 2}

    index_store.correct(conversation, turn(guest, 1, "Nothing."))
    assert look_up(conversation).postings[NUMBER] == [2]
    for number in (3, 4, 5):
        index_store.add(conversation, [turn(guest, number)])

    assert [segment.level for segment in Manifest.of(conversation.index).segments] == [1]
    assert look_up(conversation).turn_at == {place: place + 1 for place in range(5)}
    assert look_up(conversation).postings[NUMBER] == [2, 4, 6, 8]


async def test_a_changed_turn_is_found_by_its_new_words_and_a_withdrawn_one_by_none(guest: Guest) -> None:
    conversation = Conversation(guest.id, f"{guest.id}:0:ada:0")
    index_store.add(conversation, [turn(guest, number) for number in range(1, 101)])

    index_store.correct(conversation, turn(guest, 50, "Nothing but 599."))
    gone = turn(guest, 51)
    gone.status = WITHDRAWN
    index_store.correct(conversation, gone)

    found = look_up(conversation)
    assert found.postings["599"] == [2 * 49]
    assert not {2 * 49, 2 * 50} & set(found.postings[NUMBER])
    assert 2 * 50 + 1 not in found.postings[ANSWER]


async def test_of_two_workers_that_add_to_the_index_one_is_told_to_try_again(guest: Guest) -> None:
    conversation = Conversation(guest.id, f"{guest.id}:0:ada:0")
    index_store.add(conversation, [turn(guest, number) for number in range(1, 11)])
    late = Conversation.of(guest.id, conversation.conversation_id)
    index_store.add(conversation, [turn(guest, number) for number in range(11, 21)])

    with pytest.raises(IndexChangedError):
        index_store.add(late, [turn(guest, number) for number in range(11, 26)])

    assert look_up(Conversation.of(guest.id, conversation.conversation_id)).turns == 20
