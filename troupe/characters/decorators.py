"""The decorators of a book's entry: lines such as "@@depth 4" at the beginning of its content.

Rules: github.com/kwaroran/character-card-spec-v3, "Decorators". A line with "@@@" is a fallback for the one above it.
"""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

_LINE = re.compile(r"(?P<signs>@@@?)(?P<name>[A-Za-z][A-Za-z0-9_]*)(?:[ \t](?P<value>.*))?", re.ASCII)
_NUMBER = re.compile(r"-?[0-9]{1,6}", re.ASCII)
ROLES = ("system", "user", "assistant")
POSITIONS = ("before_desc", "after_desc")


def _number(value: str) -> bool:
    return _NUMBER.fullmatch(value) is not None


def _count(value: str) -> bool:
    return _number(value) and int(value) > 0


# The decorators that Troupe follows, and which values of theirs it understands.
_FOLLOWED: Mapping[str, Callable[[str], bool]] = {
    "activate": lambda _: True,
    "dont_activate": lambda _: True,
    "keep_activate_after_match": lambda _: True,
    "dont_activate_after_match": lambda _: True,
    "ignore_on_max_context": lambda _: True,
    "activate_only_after": _number,
    "activate_only_every": _count,
    "is_greeting": _number,
    "scan_depth": _number,
    "depth": _number,
    "reverse_depth": _number,
    "role": lambda value: value in ROLES,
    "position": lambda value: value in POSITIONS,
    "additional_keys": lambda value: bool(_keys(value)),
    "exclude_keys": lambda value: bool(_keys(value)),
}


@dataclass(frozen=True)
class Decorators:
    """By name, with their values as they are written."""

    values: Mapping[str, str] = field(default_factory=dict)

    def __contains__(self, name: str) -> bool:
        return name in self.values

    def number(self, name: str) -> int | None:
        return int(self.values[name]) if name in self.values else None

    def keys(self, name: str) -> tuple[str, ...]:
        return _keys(self.values.get(name, ""))


def read_decorators(content: str) -> tuple[Decorators, str]:
    """The decorators that are followed, and the content without any of them and without the empty lines around them."""
    lines = content.splitlines()
    found: dict[str, str] = {}
    decided, read = True, 0
    for number, line in enumerate(lines):
        written = _LINE.fullmatch(line.strip())
        if written is None:
            if line.strip():
                break
            continue
        read = number + 1
        name, value = written["name"].lower(), (written["value"] or "").strip()
        is_fallback = written["signs"] == "@@@"
        if is_fallback and decided:
            continue
        decided = name in _FOLLOWED and _FOLLOWED[name](value)
        if decided:
            # Of several decorators with one name the first counts.
            found.setdefault(name, value)
    if not read:
        return Decorators(), content
    return Decorators(found), "\n".join(lines[read:]).strip("\r\n")


def _keys(value: str) -> tuple[str, ...]:
    return tuple(key.strip() for key in value.split(",") if key.strip())
