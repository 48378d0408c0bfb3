"""Keeps a conversation's index: adds turns, merges segments, corrects a turn, looks terms up."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import ANSWERED, DELIVERED, JOINED
from troupe.memories import vector_store
from troupe.memories.memory_part import delete_parts, read_parts, write_parts
from troupe.memories.segments import (
    MAX_NEW_TURNS,
    Manifest,
    Segment,
    all_postings,
    contents,
    postings_of,
    turn_ids,
)  # fmt: skip
from troupe.recall.index import Postings, Said, merged, postings

REMEMBERED = (ANSWERED, DELIVERED, JOINED)


class IndexChangedError(Exception):
    """Another worker has changed the index since the conversation's row was read. Nothing was lost: try again."""


@dataclass(frozen=True)
class Found:
    """`turn_at`: message ids by the place of the turn. `items`: how many were read."""

    postings: Postings
    turn_at: dict[int, int]
    turns: int
    items: int


def add(conversation: Conversation, turns: Sequence[Turn]) -> None:
    """Adds turns after those that are indexed already, oldest first.

    Safe to repeat: a worker that dies leaves items that the next one overwrites.

    :raises IndexChangedError: see there
    """
    for start in range(0, len(turns), MAX_NEW_TURNS):
        some = turns[start : start + MAX_NEW_TURNS]
        known = Manifest.of(conversation.index)
        segment = Segment(known.turns, len(some))
        ids = [int(turn.message_id) for turn in some]
        said = postings(map(_said, some), segment.first)
        write_parts(conversation.conversation_id, contents(segment, said, ids))
        _save(conversation, replace(known, segments=(*known.segments, segment), through=ids[-1]), made=segment)
        while _merge(conversation):
            pass


def correct(conversation: Conversation, turn: Turn) -> None:
    """Puts a turn's present words into the index, after its texts have changed or it was taken back.

    :raises IndexChangedError: see there
    """
    known = Manifest.of(conversation.index)
    if not known.segments or int(turn.message_id) > known.through:
        return
    owner = conversation.conversation_id
    ids = read_parts(owner, (segment.ids_part for segment in known.segments))
    for segment in known.segments:
        found = turn_ids(segment, ids)
        if int(turn.message_id) in found:
            place = segment.first + found.index(int(turn.message_id))
            _rewrite(owner, segment, found, place, turn)
            if conversation.vectors:
                vector_store.erase(conversation, place)
            _save(conversation, replace(known, changes=known.changes + 1))
            return


def found_in(known: Manifest, terms: Iterable[str], parts: Mapping[str, Any]) -> Found:
    """:param parts: contents of those wanted. A missing one counts as empty: the index is being merged just now"""
    at = {
        place: turn_id
        for segment in known.segments
        for place, turn_id in enumerate(turn_ids(segment, parts), start=segment.first)
    }
    return Found(postings_of(known.segments, terms, parts), at, known.turns, len(parts))


def _merge(conversation: Conversation) -> bool:
    """Merges four segments into one. False if there are fewer than four of one level."""
    known = Manifest.of(conversation.index)
    old = known.mergeable
    if not old:
        return False
    owner = conversation.conversation_id
    parts: dict[str, Any] = {}
    for segment in old:
        parts |= read_parts(owner, segment.parts)
    after = known.merged
    whole = after.segments[-1]
    ids = [turn_id for segment in old for turn_id in turn_ids(segment, parts)]
    write_parts(owner, contents(whole, merged(all_postings(segment, parts) for segment in old), ids))
    _save(conversation, after, made=whole)
    delete_parts(owner, [part for segment in old for part in segment.parts])
    return True


def _rewrite(owner: str, segment: Segment, ids: Sequence[int], place: int, turn: Turn) -> None:
    parts = read_parts(owner, segment.parts)
    known = all_postings(segment, parts)
    others = {term: [each for each in numbers if each // 2 != place] for term, numbers in known.items()}
    now = postings([_said(turn)], place)
    changed = {term: sorted(merged([others, now])[term]) for term in {*others, *now}}
    written = contents(segment, {term: numbers for term, numbers in changed.items() if numbers}, ids)
    write_parts(owner, {part: content for part, content in written.items() if content != parts.get(part)})


def _save(conversation: Conversation, manifest: Manifest, made: Segment | None = None) -> None:
    if conversation.save_index(manifest.stored):
        return
    if made:
        delete_parts(conversation.conversation_id, made.parts)
    raise IndexChangedError


def _said(turn: Turn) -> Said:
    on = datetime.fromtimestamp(int(turn.received_at) / 1000, UTC).date()
    return Said(turn.said, turn.answer or "", on) if turn.status in REMEMBERED else Said("", "", on)
