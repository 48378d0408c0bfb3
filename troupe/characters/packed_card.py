"""A person's card, compressed. DynamoDB takes 400 kB an item and a card may have 4 MB, so a large one has further items
in the same table.
"""

import json
import zlib
from collections.abc import Mapping
from typing import Any

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from troupe.tables import Table

# Bytes in the character's own item, and in each further one. The other attributes need the rest of the 400 kB.
MAX_FIRST = 300_000
MAX_PART = 390_000


class CardPart(Table):
    """`character_id` is "part:<character id>:<revision>:<number from 1>", which is no id of a character."""

    class Meta:
        setting = "CHARACTERS_TABLE"
        table_name = ""

    character_id = UnicodeAttribute(hash_key=True)
    packed = BinaryAttribute(legacy_encoding=False)


class CardLostError(RuntimeError):
    """A part of the card is missing: the card was changed or deleted at this moment."""


def pack(card: Mapping[str, Any]) -> list[bytes]:
    """The pieces: the first one is for the character's own item."""
    packed = zlib.compress(json.dumps(card, ensure_ascii=False, separators=(",", ":")).encode(), level=6)
    rest = packed[MAX_FIRST:]
    return [packed[:MAX_FIRST], *(rest[at : at + MAX_PART] for at in range(0, len(rest), MAX_PART))]


def store_parts(character_id: str, revision: str, parts: list[bytes]) -> None:
    for number, packed in enumerate(parts, start=1):
        CardPart(_key(character_id, revision, number), packed=packed).save()


def delete_parts(character_id: str, revision: str, many: int) -> None:
    for number in range(1, many + 1):
        CardPart(_key(character_id, revision, number)).delete()


def unpacked(first: bytes, character_id: str, revision: str, many: int) -> str:
    """The card as JSON.

    :raises CardLostError: read the character again
    """
    parts = [CardPart.find(_key(character_id, revision, number)) for number in range(1, many + 1)]
    if not all(parts):
        raise CardLostError(character_id)
    return zlib.decompress(b"".join([first, *(part.packed for part in parts if part)])).decode()


def _key(character_id: str, revision: str, number: int) -> str:
    return f"part:{character_id}:{revision}:{number}"
