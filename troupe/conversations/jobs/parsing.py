"""Reads a job from its queue, as the reply function and `card_files` do."""

import json
from dataclasses import MISSING, fields
from typing import Any, TypeVar, get_type_hints

from troupe.conversations.jobs.kinds import KINDS, Job
from troupe.conversations.jobs.queue import MAX_ID, VERSION

T = TypeVar("T")


class MalformedJobError(ValueError):
    """A queue message that is no job, or one of a kind or version that this code does not know."""


def parse(body: str) -> Job:
    """Ignores unknown fields: during a deployment a newer webhook may talk to an older reply function.

    :raises MalformedJobError: this is no job of a known kind and version
    """
    try:
        values: dict[str, Any] = json.loads(body)
        if values["version"] != VERSION:
            raise MalformedJobError(f"version {values['version']!r}")
        return _record(KINDS[values["kind"]], values)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise MalformedJobError(f"{type(error).__name__}: {error}") from error


def _record(kind: type[T], values: dict[str, Any]) -> T:
    """A dataclass of int, str, bool and optional fields, from JSON.

    :raises KeyError: a field without a default is missing
    :raises TypeError: a field has another type
    :raises ValueError: a number is too large
    """
    types = get_type_hints(kind)
    given: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]  # T is a kind of job
        if field.name not in values and field.default is not MISSING:
            continue
        value = values[field.name]
        if not isinstance(value, types[field.name]) or (isinstance(value, bool) and types[field.name] is not bool):
            raise TypeError(f"{field.name} is {type(value).__name__}")
        if isinstance(value, int) and abs(value) > MAX_ID:
            raise ValueError(f"{field.name} is no number of Telegram's")
        given[field.name] = value
    return kind(**given)


def named_turn(body: str) -> tuple[int, int] | None:
    """The (chat_id, message_id) that a malformed job still names."""
    try:
        values = json.loads(body)
        named = int(values["chat_id"]), int(values["message_id"])
    except (ValueError, TypeError, KeyError, OverflowError):
        return None
    # No table takes a larger number.
    return named if max(map(abs, named)) <= MAX_ID else None
