"""Converts values of a card to the types of the standard, from any type that an editor wrote.

Editors write null for "none", numbers for texts and texts for numbers, one text for a list of one, and "true" for true.
"""

from datetime import UTC, datetime
from typing import Any

# Dates above this are in milliseconds: in seconds it is the year 5138.
MAX_SECONDS = 100_000_000_000
# JavaScript's largest whole number: more is no count and no date.
MAX_NUMBER = (1 << 53) - 1


def text(value: object) -> str:
    """Empty for null, and for a value that can't be read as a text."""
    if isinstance(value, str):
        return value
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else ""


def texts(value: object) -> list[str]:
    """A text is a list of one; an empty one is an empty list. Members that can't be read as a text are left out."""
    if isinstance(value, list):
        return [text(each) for each in value if isinstance(each, str | int | float) and not isinstance(each, bool)]
    alone = text(value)
    return [alone] if alone else []


def number(value: object) -> int | float | None:
    """None if the value is no number, infinite or absurdly large."""
    if isinstance(value, bool):
        return None
    if isinstance(value, int):
        return value if abs(value) <= MAX_NUMBER else None
    if isinstance(value, str):
        try:
            value = float(value)
        except ValueError:
            return None
    if not isinstance(value, float) or not abs(value) <= MAX_NUMBER:
        return None
    return int(value) if value.is_integer() else value


def flag(value: object) -> bool | None:
    """None if the value is neither true nor false in any spelling."""
    if isinstance(value, str):
        return {"true": True, "1": True, "false": False, "0": False}.get(value.strip().lower())
    return bool(value) if isinstance(value, int | float) else None


def record(value: object) -> dict[str, Any]:
    """Empty if the value is no object."""
    return dict(value) if isinstance(value, dict) else {}


def seconds(value: object) -> int | float:
    """Unix time of a date in seconds, milliseconds or ISO 8601; 0 for an unknown one."""
    found = number(value)
    if found is None and isinstance(value, str):
        try:
            at = datetime.fromisoformat(value.strip())
            found = (at if at.tzinfo else at.replace(tzinfo=UTC)).timestamp()
        except (ValueError, OverflowError):
            return 0
    if found is None or found < 0:
        return 0
    return found / 1000 if found > MAX_SECONDS else found
