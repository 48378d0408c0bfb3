"""Finds words in all that was said in a conversation: in its index, and in the turns that are not indexed yet."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import NamedTuple

from troupe.conversations import turn_reads
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.memories.index_store import REMEMBERED, found_in
from troupe.memories.memory_part import read_all
from troupe.memories.segments import Manifest
from troupe.recall.choosing import shortened
from troupe.recall.index import CHARACTER, PERSON
from troupe.recall.query import Query
from troupe.recall.words import terms

PAGE = 20
# Lines that can be paged through, and words that are looked for. Together they bound what one request reads.
MAX_FOUND, MAX_TERMS = 400, 8
# Turns after the indexed ones that are read. A conversation from before the index may have more.
MAX_UNINDEXED, CHUNK = 500, 100


@dataclass(frozen=True)
class SaidLine:
    """`side`: PERSON or CHARACTER. A long text is shown by the sentences that hold the words."""

    turn_id: int
    side: int
    text: str
    said_at: int


class Lines(NamedTuple):
    """`next`: what to skip for the lines after these, 0 if there are none.

    `is_whole` is false if turns were left out that the next message will have indexed.
    """

    lines: Sequence[SaidLine]
    next: int
    is_whole: bool


class _Place(NamedTuple):
    """The order of a line, the greatest first: how many of the words it holds, then its time."""

    held: int
    turn_id: int
    side: int


def search(conversation: Conversation, chat_id: int, words: str, skip: int) -> Lines:
    """The lines that hold most of the words, in any form, newest first.

    :param skip: lines that were shown already, at most MAX_FOUND
    """
    wanted = list(dict.fromkeys(terms(words)))[:MAX_TERMS]
    if not wanted:
        return Lines((), next=0, is_whole=True)
    known = Manifest.of(conversation.index)
    newest, is_whole = _unindexed(conversation, chat_id, known)
    places = [*_in_turns(newest, wanted), *_in_index(conversation, known, wanted)]
    most = max((place.held for place in places), default=0)
    found = sorted((place for place in places if place.held == most), reverse=True)[:MAX_FOUND]
    shown = found[skip : skip + PAGE]
    after = skip + PAGE if len(found) > skip + PAGE else 0
    return Lines(list(_lines(conversation, chat_id, shown, words)), after, is_whole)


def excerpt(text: str, words: str, most: int) -> str:
    """The sentences of the text that hold most of the words, up to that many characters."""
    own = terms(words)
    return shortened(text, Query(dict.fromkeys(own, 1.0), frozenset(own), {}, None, asks=False), most)


def _unindexed(conversation: Conversation, chat_id: int, known: Manifest) -> tuple[list[Turn], bool]:
    """Reads turns with other characters of the same chat too, and leaves them out."""
    if known.segments:
        # Between an imported chat and its import nothing is of this conversation.
        since = max(known.through, conversation.imported["asked_by"]) if conversation.imported else known.through
        reading = turn_reads.oldest_first(chat_id, CHUNK, after=since)
    else:
        reading = turn_reads.newest_first(chat_id, CHUNK)
    read = list(islice(reading, MAX_UNINDEXED))
    own = [turn for turn in read if turn.conversation_id == conversation.conversation_id and turn.status in REMEMBERED]
    return own, len(read) < MAX_UNINDEXED


def _in_turns(newest: Sequence[Turn], wanted: Sequence[str]) -> Iterator[_Place]:
    for turn in newest:
        for side, text in ((PERSON, turn.said), (CHARACTER, turn.answer or "")):
            held = len(set(wanted).intersection(terms(text)))
            if held:
                yield _Place(held, int(turn.message_id), side)


def _in_index(conversation: Conversation, known: Manifest, wanted: Sequence[str]) -> Iterator[_Place]:
    parts = read_all((conversation.conversation_id, part) for part in known.parts_wanted(wanted))
    found = found_in(known, wanted, {part: content for (_, part), content in parts.items()})
    lines = [frozenset(numbers) for numbers in found.postings.values()]
    for number in frozenset().union(*lines):
        if number // 2 in found.turn_at:
            held = sum(number in some for some in lines)
            yield _Place(held, found.turn_at[number // 2], number % 2)


def _lines(conversation: Conversation, chat_id: int, places: Sequence[_Place], words: str) -> Iterator[SaidLine]:
    """The texts as they are now: a turn that was taken back or forgotten has none."""
    rows = shown_turns(conversation, chat_id, [place.turn_id for place in places])
    for place in places:
        row = rows.get(place.turn_id)
        text = row and (row.answer if place.side == CHARACTER else row.said)
        if row and text:
            yield SaidLine(place.turn_id, place.side, excerpt(text, words, 400), int(row.received_at))


def shown_turns(conversation: Conversation, chat_id: int, turn_ids: Sequence[int]) -> dict[int, Turn]:
    """The conversation's turns of these ids that can still be shown, by id."""
    names = [*turn_reads.SAID, "conversation_id", "status", "received_at"]
    keys = [(chat_id, turn_id) for turn_id in dict.fromkeys(turn_ids)]
    rows = Turn.batch_get(keys, attributes_to_get=names) if keys else ()
    return {
        int(row.message_id): row
        for row in rows
        if row.status in REMEMBERED and row.conversation_id == conversation.conversation_id
    }
