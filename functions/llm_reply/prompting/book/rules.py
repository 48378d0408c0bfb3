"""The rules of an entry of a card's book: from the standard's fields, the decorators in its content, and
SillyTavern's extensions. A decorator outranks an extension, and that a field.
"""

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Literal

from functions.llm_reply.prompting.book.keys import Keys
from troupe.characters.book import Book, Entry
from troupe.characters.decorators import ROLES, Decorators, read_decorators
from troupe.characters.macros import has_dice

# Messages to search for keys if the book does not say.
SCAN_DEPTH = 4
Place = Literal["before", "after", "depth", "reverse_depth"]
# SillyTavern's positions: 2 and 3 are around the author's note, 5 and 6 around the examples.
_PLACES: Mapping[object, Place] = {0: "before", 1: "after", 2: "after", 3: "after", 4: "depth", 5: "after", 6: "after"}
_DEPTH = 4
# Percent.
CERTAIN = 100
# Decorators that depend on the turn.
_BY_TURN = (
    "activate_only_after",
    "activate_only_every",
    "is_greeting",
    "dont_activate_after_match",
    "additional_keys",
    "exclude_keys",
)

# Decorators that depend on whether the entry was woken before.
_AFTERWARDS = ("keep_activate_after_match", "dont_activate_after_match")


@dataclass(frozen=True)
class Rule:
    """An entry that may join a prompt. `number` is its place in the book; `name` is made of its words."""

    number: int
    name: str
    content: str
    keys: Keys
    always: bool
    scan_depth: int
    place: Place
    depth: int
    role: str
    order: float
    # Higher stays longer within the budget.
    rank: tuple[bool, float, bool, float]
    probability: float
    # From SillyTavern: whether other entries' contents may wake it, must wake it, and whether its own wakes others.
    by_contents: bool
    only_by_contents: bool
    wakes_others: bool
    decorators: Decorators

    @cached_property
    def is_steady(self) -> bool:
        """True for an entry that stands in every prompt of a conversation, in the same place."""
        varies = self.probability < CERTAIN or any(name in self.decorators for name in _BY_TURN)
        return self.always and self.place in {"before", "after"} and ("activate" in self.decorators or not varies)

    @cached_property
    def stays(self) -> bool:
        """Once woken by a message, it may stay there in later prompts: nothing in it depends on the turn."""
        varies = self.probability < CERTAIN or any(name in self.decorators for name in (*_BY_TURN, *_AFTERWARDS))
        in_place = not self.always and self.place in {"before", "after"}
        return in_place and not (varies or self.keys.deny or has_dice(self.content))


def rules_of(book: Book) -> tuple[Rule, ...]:
    """The entries that can be woken at all."""
    read = (_rule(number, entry, book) for number, entry in enumerate(book.entries) if entry.enabled)
    return tuple(rule for rule in read if rule is not None)


def _rule(number: int, entry: Entry, book: Book) -> Rule | None:
    says, content = read_decorators(entry.content)
    if not content.strip() or ("dont_activate" in says and "activate" not in says):
        return None
    more = entry.extensions
    book_depth = SCAN_DEPTH if book.scan_depth is None else book.scan_depth
    place, depth = _place(entry, says)
    always = entry.constant or "activate" in says
    return Rule(
        number=number,
        name=hashlib.sha256("\n".join([*entry.keys, content]).encode(errors="replace")).hexdigest()[:12],
        content=content,
        keys=Keys.of(entry, says),
        always=always,
        scan_depth=_first(says.number("scan_depth"), _whole(more.get("scan_depth")), book_depth),
        place=place,
        depth=depth,
        role=says.values.get("role") or _role(more.get("role")),
        order=entry.insertion_order,
        rank=("ignore_on_max_context" not in says, entry.priority or 0, always, entry.insertion_order),
        probability=_probability(more),
        by_contents=not more.get("exclude_recursion"),
        only_by_contents=bool(more.get("delay_until_recursion")),
        wakes_others=not more.get("prevent_recursion"),
        decorators=says,
    )


def _place(entry: Entry, says: Decorators) -> tuple[Place, int]:
    if "position" in says:
        return ("before" if says.values["position"] == "before_desc" else "after"), 0
    for decorator, place in (("depth", "depth"), ("reverse_depth", "reverse_depth")):
        if decorator in says:
            return place, says.number(decorator) or 0  # type: ignore[return-value]  # mypy widens the two literals
    position = entry.extensions.get("position")
    if isinstance(position, int) and position in _PLACES:
        return _PLACES[position], _first(_whole(entry.extensions.get("depth")), None, _DEPTH)
    return ("before" if entry.position == "before_char" else "after"), 0


def _role(role: object) -> str:
    """SillyTavern numbers them in the order of ROLES."""
    if isinstance(role, str) and role in ROLES:
        return role
    return ROLES[role] if isinstance(role, int) and 0 <= role < len(ROLES) else ROLES[0]


def _probability(more: Mapping[str, Any]) -> float:
    percent = more.get("probability")
    stated = isinstance(percent, int | float) and more.get("useProbability", True) is not False
    return float(percent) if stated else CERTAIN  # type: ignore[arg-type]  # a number, as checked above


def _whole(value: object) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _first(one: int | None, other: int | None, default: int) -> int:
    return one if one is not None else other if other is not None else default
