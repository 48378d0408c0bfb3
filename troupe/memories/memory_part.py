"""The parts of a conversation's memory, each on an item of bounded size: pieces of the index, and facts."""

import json
import zlib
from collections.abc import Iterable, Mapping
from typing import Any

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError, UpdateError

from troupe.clock import now_ms
from troupe.retention import expires_at, lasting
from troupe.tables import Table, condition_failed


class MemoryPart(Table):
    """Keyed by the conversation, or by "person:<id>" for what all characters of a person may know."""

    class Meta:
        setting = "MEMORIES_TABLE"
        table_name = ""

    owner = UnicodeAttribute(hash_key=True)
    part = UnicodeAttribute(range_key=True)
    # JSON, compressed: a third of its size.
    body = BinaryAttribute(legacy_encoding=False)
    # Of facts: counts their changes.
    version = NumberAttribute(null=True)
    # Seconds since 1970, DynamoDB's TTL: the row may be deleted after that. Missing: the row stays.
    expires_at = NumberAttribute(null=True)

    @property
    def content(self) -> Any:
        return json.loads(zlib.decompress(self.body))


def packed(content: Any) -> bytes:
    return zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), level=6)


# Owner and part.
Key = tuple[str, str]


def read_all(keys: Iterable[Key], *, consistent: bool = False) -> dict[Key, Any]:
    """In one request for a hundred items. Those that do not exist are left out."""
    wanted = list(dict.fromkeys(keys))
    rows = MemoryPart.batch_get(wanted, consistent_read=consistent) if wanted else ()
    return {(row.owner, row.part): row.content for row in rows}


def read_parts(owner: str, parts: Iterable[str]) -> dict[str, Any]:
    """Consistently, by the part's name: for workers that change them."""
    return {
        part: content for (_, part), content in read_all(((owner, part) for part in parts), consistent=True).items()
    }


def write_parts(owner: str, parts: Mapping[str, Any]) -> None:
    with MemoryPart.batch_write() as batch:
        for part, content in parts.items():
            batch.save(MemoryPart(owner, part, body=packed(content), expires_at=expires_at(now_ms())))


def read_versioned(owner: str, parts: Iterable[str]) -> tuple[dict[str, Any], dict[str, int]]:
    """Consistently: contents and versions by the part's name. One that does not exist has neither."""
    rows = list(MemoryPart.batch_get([(owner, part) for part in parts], consistent_read=True))
    return {row.part: row.content for row in rows}, {row.part: int(row.version or 0) for row in rows}


def replace_versioned(owner: str, parts: Mapping[str, Any], versions: Mapping[str, int]) -> bool:
    """Writes them in their order. False at the first that another writer has changed or deleted since it was read."""
    for part, content in parts.items():
        version = versions.get(part, 0)
        unchanged = MemoryPart.version == version if version else MemoryPart.version.does_not_exist()
        row = MemoryPart(owner, part, body=packed(content), version=version + 1, expires_at=expires_at(now_ms()))
        try:
            row.save(condition=unchanged)
        except PutError as error:
            if not condition_failed(error):
                raise
            return False
    return True


def keep_longer(owner: str, part: str) -> None:
    """Moves the part's end of life on. Does nothing if there is no such part."""
    try:
        MemoryPart(owner, part).update(
            actions=[lasting(MemoryPart.expires_at, now_ms())], condition=MemoryPart.owner.exists()
        )
    except UpdateError as error:
        if not condition_failed(error):
            raise


def delete_parts(owner: str, parts: Iterable[str]) -> None:
    with MemoryPart.batch_write() as batch:
        for part in parts:
            batch.delete(MemoryPart(owner, part))


def part_names(owner: str, beginning: str = "") -> list[str]:
    """Reads every item of the owner that begins so: for forgetting, never while somebody waits."""
    under = MemoryPart.part.startswith(beginning) if beginning else None
    return [row.part for row in MemoryPart.query(owner, under, attributes_to_get=["part"], consistent_read=True)]
