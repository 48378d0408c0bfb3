"""Notes for a person who brought a card: the fields that were mended, and those that are not used."""

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from troupe.characters.book import read_book
from troupe.characters.brought_card import BroughtCard
from troupe.characters.leniency import record, text
from troupe.characters.patterns import compiled, is_pattern
from troupe.characters.presentation import clean_line, shortened

MAX_NAMES = 12
MAX_NAME = 30
# Patterns of a book that are tried: some tenths of a second.
MAX_PATTERNS = 2000
# Extensions that prompts use, and those that mean nothing without their program's own windows.
_USED = {"depth_prompt", "troupe"}


@dataclass(frozen=True)
class Note:
    """`kind` is the name of a text in `troupe.telegram.card_texts`."""

    kind: str
    names: str = ""
    many: int = 0


def notes_of(brought: BroughtCard, *, fell_back: bool = False, portrait_unreadable: bool = False) -> list[Note]:
    data = brought.card["data"]
    said = {
        "newer": brought.newer,
        "fell_back": fell_back,
        "without_examples": brought.without_examples,
        "portrait_unreadable": portrait_unreadable,
    }
    return [*(Note(kind) for kind, holds in said.items() if holds), *_listed(brought, data)]


def notes_of_extensions(card: str) -> list[Note]:
    """Of a stored card, as JSON: anybody may name an extension, and a job carries no words of people's."""
    extensions = record(record(json.loads(card)["data"]).get("extensions"))
    others = [name for name, value in extensions.items() if name not in _USED and value]
    return [Note("other_apps", names=_names(others))] if others else []


def notes_of_book(book: object) -> list[Note]:
    """Keys that are patterns and that RE2 can't run: they wake nothing. Compiles them, so call it on a thread."""
    entries = (entry for entry in read_book(book).entries if entry.enabled)
    keys = dict.fromkeys(key for entry in entries for key in (*entry.keys, *entry.secondary_keys) if is_pattern(key))
    unusable = [key for key in islice(keys, MAX_PATTERNS) if compiled(key) is None]
    return [Note("unusable_keys", names=_names(unusable))] if unusable else []


def to_json(notes: Iterable[Note]) -> str:
    """As a job carries them: names of the standard's fields, and numbers."""
    return json.dumps([[note.kind, note.names, note.many] for note in notes], ensure_ascii=False)


def from_json(written: str) -> list[Note]:
    return [Note(*each) for each in json.loads(written)]


def _listed(brought: BroughtCard, data: dict[str, Any]) -> Iterator[Note]:
    if brought.mended:
        yield Note("mended", names=_names(brought.mended))
    if assets := sum(not _is_portrait(record(asset)) for asset in data.get("assets", [])):
        yield Note("assets", many=assets)
    if group := len(data["group_only_greetings"]):
        yield Note("group_greetings", many=group)


def _is_portrait(asset: dict[str, Any]) -> bool:
    return text(asset.get("type")) == "icon" and text(asset.get("name")) in {"main", ""}


def _names(names: Iterable[str]) -> str:
    listed = [shortened(clean_line(name), MAX_NAME) for name in names]
    return ", ".join(listed[:MAX_NAMES]) + (", …" if len(listed) > MAX_NAMES else "")
