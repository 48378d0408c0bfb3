"""The vectors of a conversation's turns, by their places, on items of a bounded size: an option beside the index."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Self

from troupe.clock import now_ms
from troupe.conversations.conversation import Conversation
from troupe.memories.memory_part import Key, MemoryPart
from troupe.memories.segments import Manifest
from troupe.retention import expires_at

# Vectors of one item: 100 kB at 1,536 dimensions.
PER_ITEM = 64
# A query compares only the vectors of the newest turns: more would take too long.
MAX_COMPARED = 1024


@dataclass(frozen=True)
class Embedded:
    """The vectors of a conversation, as its row tells of them: the turns with places below `count` have one of that
    model, except those of long ago.
    """

    model: str = ""
    count: int = 0

    @classmethod
    def of(cls, stored: Any, model: str) -> Self:
        """Empty for another model: its vectors can't be compared."""
        return cls(model, stored["count"] if stored and stored["model"] == model else 0)

    @property
    def blocks(self) -> range:
        return range(max(0, self.count - MAX_COMPARED) // PER_ITEM, -(-self.count // PER_ITEM))


def places_without(conversation: Conversation, model: str) -> range:
    """The places of the newest turns in the index, at most MAX_COMPARED, from the beginning of a block."""
    turns, count = Manifest.of(conversation.index).turns, Embedded.of(conversation.vectors, model).count
    start = max(count, turns - MAX_COMPARED)
    return range(start - start % PER_ITEM if start != count else start, turns)


def add(conversation: Conversation, model: str, first: int, vectors: Sequence[bytes]) -> None:
    """:param first: the place of the first of these turns; those before it in its block have vectors already"""
    owner, size = conversation.conversation_id, len(vectors[0])
    blocks = {block: _read(owner, [block]).get(block, b"") for block in {first // PER_ITEM}}
    body = bytearray(blocks[first // PER_ITEM][: first % PER_ITEM * size].ljust(first % PER_ITEM * size, b"\0"))
    place = first
    with MemoryPart.batch_write() as batch:
        for vector in vectors:
            body += vector
            place += 1
            if place % PER_ITEM == 0 or place == first + len(vectors):
                batch.save(_row(owner, (place - 1) // PER_ITEM, bytes(body)))
                body = bytearray()
    conversation.update([Conversation.vectors.set({"model": model, "count": place})])


def wanted(conversation: Conversation, model: str) -> list[int]:
    return list(Embedded.of(conversation.vectors, model).blocks)


def vectors_of(conversation: Conversation, blocks: Sequence[int], size: int) -> Iterator[tuple[int, bytes]]:
    """The places of turns with their vectors.

    :param size: of a vector, in bytes
    """
    for block, body in _read(conversation.conversation_id, blocks).items():
        for each in range(len(body) // size):
            yield block * PER_ITEM + each, body[each * size : (each + 1) * size]


def erase(conversation: Conversation, place: int) -> None:
    """A vector of zeros is near to nothing. The turn has changed, or was forgotten."""
    block = place // PER_ITEM
    count = (conversation.vectors or {}).get("count", 0)
    body = _read(conversation.conversation_id, [block]).get(block)
    if not body or place >= count:
        return
    # Every item but the last is full; `count` tells how far the last one is.
    size = len(body) // min(PER_ITEM, count - block * PER_ITEM)
    at = place % PER_ITEM * size
    with MemoryPart.batch_write() as batch:
        batch.save(_row(conversation.conversation_id, block, body[:at] + bytes(size) + body[at + size :]))


def _read(owner: str, blocks: Sequence[int]) -> dict[int, bytes]:
    keys: dict[Key, int] = {(owner, _part(block)): block for block in blocks}
    rows = MemoryPart.batch_get(list(keys)) if keys else ()
    return {keys[row.owner, row.part]: row.body for row in rows}


def _row(owner: str, block: int, body: bytes) -> MemoryPart:
    return MemoryPart(owner, _part(block), body=body, expires_at=expires_at(now_ms()))


def _part(block: int) -> str:
    return f"vectors/{block:06}"
