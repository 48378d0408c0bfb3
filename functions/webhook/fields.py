"""Typed reading of an Update's JSON."""

from typing import Any

from troupe.unicode import without_lone_surrogates

Fields = dict[str, Any]


class MalformedUpdateError(ValueError):
    """Not an Update as the Bot API documents it."""


def without_nulls(value: Any) -> Any:
    """Some serializers write null for an optional field that is missing; to the Bot API both mean the same."""
    if isinstance(value, dict):
        return {name: without_nulls(inner) for name, inner in value.items() if inner is not None}
    if isinstance(value, list):
        return [without_nulls(inner) for inner in value]
    return value


def an_object(fields: Fields, name: str) -> Fields:
    value = fields.get(name)
    if not isinstance(value, dict):
        raise MalformedUpdateError(f"{name} is not an object")
    return value


def optional_object(fields: Fields, name: str) -> Fields:
    """An optional object; empty where it is missing."""
    value = fields.get(name)
    return value if isinstance(value, dict) else {}


def integer(fields: Fields, name: str) -> int:
    """Telegram's ids have at most 52 significant bits; a bool is not a number here."""
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 1 << 53:
        raise MalformedUpdateError(f"{name} is not an integer")
    return value


def text(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise MalformedUpdateError(f"{name} is not a string")
    return without_lone_surrogates(value)


def optional_text(fields: Fields, name: str) -> str | None:
    return text(fields, name) or None if name in fields else None
