"""Chats that wait for the person to name the character they were with, on items that DynamoDB deletes after a day.

The function that reads files has no rights on turns and conversations, so it leaves a chat here, in pieces.
"""

import json
import zlib
from collections.abc import Sequence
from typing import Any

from pynamodb.attributes import BinaryAttribute, NumberAttribute, UnicodeAttribute

from troupe.brought_chats.chat import BroughtChat, ChatTurn, in_pieces
from troupe.characters.owners_list import OwnersList
from troupe.clock import now_ms
from troupe.tables import Table

LIFETIME_S = 86_400
# Turns of a piece, which one step of an import stores and indexes; and their characters: compressed in any script, they
# are below DynamoDB's 400 kB an item.
MAX_PIECE_TURNS, MAX_PIECE_CHARACTERS = 256, 120_000


class ChatPiece(Table):
    """`character_id` is "chat:<Telegram id>:<digest>", and behind another colon the number of the piece, from 0."""

    class Meta:
        setting = "CHARACTERS_TABLE"
        table_name = ""

    character_id = UnicodeAttribute(hash_key=True)
    # JSON, compressed: the first item has the `BroughtChat`, the others have turns.
    packed = BinaryAttribute(legacy_encoding=False)
    # Seconds since 1970, DynamoDB's TTL.
    expires_at = NumberAttribute()


def leave(person_id: int, digest: str, chat: BroughtChat, turns: Sequence[ChatTurn]) -> None:
    """The item that the preview reads comes last, so that it never names a piece that is missing."""
    OwnersList.note_chat(person_id, digest)
    pieces = list(in_pieces(turns, MAX_PIECE_TURNS, MAX_PIECE_CHARACTERS))
    for number, piece in enumerate(pieces):
        _save(f"{_key(person_id, digest)}:{number}", [turn.stored for turn in piece])
    _save(_key(person_id, digest), {"pieces": [len(piece) for piece in pieces], "chat": chat.stored})


def find(person_id: int, digest: str) -> tuple[BroughtChat, list[int]] | None:
    """The chat, and the number of turns in each of its pieces; None if it is not stored any more."""
    found = _read(_key(person_id, digest))
    return (BroughtChat.of(found["chat"]), found["pieces"]) if found else None


def piece(person_id: int, digest: str, number: int) -> list[ChatTurn] | None:
    """None if it is gone."""
    found = _read(f"{_key(person_id, digest)}:{number}")
    return [ChatTurn.of(each) for each in found] if found else None


def drop(person_id: int, digest: str) -> None:
    """Does nothing if it is gone already."""
    found = find(person_id, digest)
    if found:
        ChatPiece(_key(person_id, digest)).delete()
        for number in range(len(found[1])):
            ChatPiece(f"{_key(person_id, digest)}:{number}").delete()
    OwnersList.forget_chat(person_id, digest)


def _save(key: str, content: Any) -> None:
    packed = zlib.compress(json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode(), level=6)
    ChatPiece(key, packed=packed, expires_at=now_ms() // 1000 + LIFETIME_S).save()


def _read(key: str) -> Any:
    found = ChatPiece.find(key)
    return json.loads(zlib.decompress(found.packed)) if found else None


def _key(person_id: int, digest: str) -> str:
    return f"chat:{person_id}:{digest}"
