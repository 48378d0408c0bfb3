"""A card's book (`character_book`): notes that join the prompt when their keys come up.

Rules: chara_card_v3's Lorebook. Books in the wild also use the names of SillyTavern's world info, hold entries as an
object, and write numbers as texts: `normalised` turns all of them into the standard's names and types, and keeps every
field that it does not know.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from troupe.characters.leniency import flag, number, record, text, texts

Position = Literal["before_char", "after_char"]

# World info's names, and the standard's for the same thing.
_RENAMED = {"key": "keys", "keysecondary": "secondary_keys", "order": "insertion_order"}
# World info keeps these beside the entry's content. SillyTavern's exporter puts them into the entry's extensions.
_MOVED = {
    "position": "position",
    "depth": "depth",
    "role": "role",
    "probability": "probability",
    "useProbability": "useProbability",
    "selectiveLogic": "selectiveLogic",
    "scanDepth": "scan_depth",
    "caseSensitive": "case_sensitive",
    "matchWholeWords": "match_whole_words",
    "excludeRecursion": "exclude_recursion",
    "preventRecursion": "prevent_recursion",
    "delayUntilRecursion": "delay_until_recursion",
}


@dataclass(frozen=True)
class Entry:
    """`extensions` holds what SillyTavern adds: position 4 with depth and role, selectiveLogic, probability, ...

    `case_sensitive` and `priority` are None where the book does not say.
    """

    keys: tuple[str, ...] = ()
    content: str = ""
    secondary_keys: tuple[str, ...] = ()
    enabled: bool = True
    insertion_order: float = 0
    position: Position = "after_char"
    constant: bool = False
    selective: bool = False
    case_sensitive: bool | None = None
    priority: float | None = None
    extensions: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Book:
    """`scan_depth`, `token_budget` and `recursive_scanning` are None where the book does not say."""

    entries: tuple[Entry, ...] = ()
    scan_depth: int | None = None
    token_budget: int | None = None
    recursive_scanning: bool | None = None
    extensions: Mapping[str, Any] = field(default_factory=dict)


def _position(value: object) -> Position:
    """Numbers are world info's: 0 is before the character. An exporter of SillyTavern writes "" for it."""
    return "before_char" if text(value) in {"before_char", "0"} or value == "" else "after_char"


_BOOK_FIELDS: dict[str, Callable[[object], Any]] = {
    "name": text, "description": text, "scan_depth": number, "token_budget": number, "recursive_scanning": flag,
}  # fmt: skip
_ENTRY_FIELDS: dict[str, Callable[[object], Any]] = {
    "secondary_keys": texts, "constant": flag, "selective": flag, "case_sensitive": flag, "priority": number,
    "name": text, "comment": text, "position": _position,
}  # fmt: skip


def read_book(book: object) -> Book:
    """Takes any JSON value; one that is no object is a book without entries."""
    found = normalised(book)
    return Book(
        entries=tuple(map(_entry, found.get("entries", []))),
        scan_depth=_whole(found.get("scan_depth")),
        token_budget=_whole(found.get("token_budget")),
        recursive_scanning=found.get("recursive_scanning"),
        extensions=found.get("extensions", {}),
    )


def normalised(book: object) -> dict[str, Any]:
    """The book with the standard's names and types; empty if there is none."""
    given = record(book)
    if not given:
        return {}
    found = _read(given, _BOOK_FIELDS)
    return found | {
        "extensions": record(given.get("extensions")),
        "entries": [_normalised_entry(entry) for entry in _entries(given.get("entries"))],
    }


def _entries(entries: object) -> Iterable[dict[str, Any]]:
    """The entries as a list: world info has them in an object, under numbers. Any other member is dropped."""
    listed = entries.values() if isinstance(entries, dict) else entries if isinstance(entries, list) else []
    return (entry for entry in listed if isinstance(entry, dict))


def _normalised_entry(given: dict[str, Any]) -> dict[str, Any]:
    renamed = {new: given[old] for old, new in _RENAMED.items() if old in given}
    standard = {name: value for name, value in (renamed | given).items() if name not in {*_RENAMED, "disable"}}
    enabled = flag(given.get("enabled"))
    return _read(standard, _ENTRY_FIELDS) | {
        "keys": texts(standard.get("keys")),
        "content": text(standard.get("content")),
        "extensions": _extensions(given),
        "enabled": not flag(given.get("disable")) if enabled is None else enabled,
        "insertion_order": number(standard.get("insertion_order")) or 0,
        "use_regex": flag(standard.get("use_regex")) or False,
    }


def _extensions(given: dict[str, Any]) -> dict[str, Any]:
    """World info's own fields as extensions, where SillyTavern's exporter puts them."""
    moved = {new: given[old] for old, new in _MOVED.items() if old in given and given[old] is not None}
    if not isinstance(moved.get("position"), int):
        moved.pop("position", None)
    return moved | record(given.get("extensions"))


def _read(given: Mapping[str, Any], kinds: Mapping[str, Callable[[object], Any]]) -> dict[str, Any]:
    """All fields; those in `kinds` in their types, or left out if they are null or can't be read."""
    found = {name: kinds[name](value) if name in kinds else value for name, value in given.items()}
    return {name: value for name, value in found.items() if value is not None or name not in kinds}


def _entry(found: Mapping[str, Any]) -> Entry:
    return Entry(
        keys=tuple(found["keys"]),
        content=found["content"],
        secondary_keys=tuple(found.get("secondary_keys", [])),
        enabled=found["enabled"],
        insertion_order=found["insertion_order"],
        position=found.get("position", "after_char"),
        constant=bool(found.get("constant")),
        selective=bool(found.get("selective")),
        case_sensitive=found.get("case_sensitive"),
        priority=found.get("priority"),
        extensions=found["extensions"],
    )


def _whole(value: float | None) -> int | None:
    return None if value is None else int(value)
