"""The index of a conversation, in segments of items that never grow.

A segment holds the postings of consecutive turns, spread over buckets by the hash of the term: a query reads only the
buckets of its terms. Four segments of a level become one of the next, so that a conversation of any length has a few
segments, and each posting is written once per level. A query reads from every segment: with eight instead of four, a
conversation of 20,000 turns costs it half as much again.

Each bucket of a segment of some size also holds the message ids of all its turns: DynamoDB bills 4 kB at least, so that
they cost a query nothing there, and an item of their own costs half a unit.
"""

import zlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise
from typing import Any, Self

from troupe.recall.index import Postings, merged

FANOUT = 4
# Of the smallest segments; and per bucket, which is then some 3 kB: DynamoDB bills 4 kB at least.
MAX_NEW_TURNS, TURNS_PER_BUCKET = 64, 64
# No segment has more turns: one job has to write all of its buckets.
MAX_TURNS = 32_768
# Of the layout of new segments. Version 0 keeps the message ids of every segment on an item of their own.
VERSION = 1
# A longer segment keeps its message ids on an item of their own: in its buckets, they would take more than the terms.
MAX_TURNS_WITH_IDS = 1024
# Where a bucket holds the message ids: no term is empty.
_IDS = ""


@dataclass(frozen=True)
class Segment:
    """`first`: the place of its first turn."""

    first: int
    turns: int
    level: int = 0
    version: int = VERSION

    @property
    def name(self) -> str:
        return f"index/{self.first:08}-{self.turns}" + (f"-{self.version}" if self.version else "")

    @property
    def buckets(self) -> int:
        return max(1, self.turns // TURNS_PER_BUCKET)

    @property
    def has_ids_in_buckets(self) -> bool:
        return bool(self.version) and self.turns <= MAX_TURNS_WITH_IDS

    @property
    def bucket_parts(self) -> list[str]:
        return [f"{self.name}/{bucket}" for bucket in range(self.buckets)]

    @property
    def ids_part(self) -> str:
        return self.bucket_parts[0] if self.has_ids_in_buckets else f"{self.name}/ids"

    @property
    def parts(self) -> list[str]:
        return list(dict.fromkeys((self.ids_part, *self.bucket_parts)))

    def part_of(self, term: str) -> str:
        return f"{self.name}/{zlib.crc32(term.encode()) % self.buckets}"


@dataclass(frozen=True)
class Manifest:
    """The state of a conversation's index, on its row. `through`: the message id of the last turn that it covers.

    `changes` counts the corrections of segments, whose names stay the same.
    """

    segments: tuple[Segment, ...] = ()
    through: int = 0
    changes: int = 0

    @classmethod
    def of(cls, stored: Any) -> Self:
        if not stored:
            return cls()
        # Those of version 0 were stored without it.
        segments = tuple(Segment(*(*each, 0)[:4]) for each in stored["segments"])
        return cls(segments, stored["through"], stored["changes"])

    @property
    def stored(self) -> dict[str, Any]:
        segments = [[each.first, each.turns, each.level, each.version] for each in self.segments]
        return {"segments": segments, "through": self.through, "changes": self.changes}

    @property
    def turns(self) -> int:
        return self.segments[-1].first + self.segments[-1].turns if self.segments else 0

    @property
    def mergeable(self) -> tuple[Segment, ...]:
        """The four newest, if they are of one level, and not too long together."""
        newest = self.segments[-FANOUT:]
        same = len(newest) == FANOUT and len({each.level for each in newest}) == 1
        return newest if same and sum(each.turns for each in newest) <= MAX_TURNS else ()

    @property
    def merged(self) -> Self:
        """With one segment in the place of those that are mergeable."""
        old = self.mergeable
        whole = Segment(old[0].first, sum(each.turns for each in old), old[0].level + 1)
        return replace(self, segments=(*self.segments[: -len(old)], whole))

    def parts_wanted(self, terms: Iterable[str]) -> list[str]:
        """The items that a query of these terms reads."""
        terms = list(terms)
        ids = [segment.ids_part for segment in self.segments if not segment.has_ids_in_buckets]
        buckets = (segment.part_of(term) for segment in self.segments for term in terms)
        return list(dict.fromkeys((*ids, *buckets)))


def contents(segment: Segment, postings: Mapping[str, Sequence[int]], turn_ids: Sequence[int]) -> dict[str, Any]:
    """The contents of the segment's parts. Numbers are stored as their differences, which compress well."""
    ids = _differences(turn_ids)
    if segment.has_ids_in_buckets:
        parts: dict[str, Any] = {part: {_IDS: ids} for part in segment.parts}
    else:
        parts = {part: {} for part in segment.bucket_parts} | {segment.ids_part: ids}
    for term, numbers in postings.items():
        parts[segment.part_of(term)][term] = _differences(numbers)
    return parts


def postings_of(segments: Iterable[Segment], terms: Iterable[str], parts: Mapping[str, Any]) -> Postings:
    terms = list(terms)
    return merged(
        {term: list(accumulate(parts.get(segment.part_of(term), {}).get(term, ()))) for term in terms}
        for segment in segments
    )


def all_postings(segment: Segment, parts: Mapping[str, Any]) -> Postings:
    buckets = (parts.get(part, {}) for part in segment.bucket_parts)
    return {term: list(accumulate(numbers)) for bucket in buckets for term, numbers in bucket.items() if term != _IDS}


def turn_ids(segment: Segment, parts: Mapping[str, Any]) -> list[int]:
    """From any bucket that was read, or from the item of the ids."""
    if segment.has_ids_in_buckets:
        read = (parts[part][_IDS] for part in segment.bucket_parts if part in parts)
        return list(accumulate(next(read, ())))
    return list(accumulate(parts.get(segment.ids_part, ())))


def _differences(numbers: Sequence[int]) -> list[int]:
    return [*numbers[:1], *(after - before for before, after in pairwise(numbers))]
