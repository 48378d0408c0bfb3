"""The facts that a character has learned of a person, each with kind, date and source. A fact may supersede another.

Facts stand on two items of bounded size: the current ones, and those that are no longer true or left no room.
"""

import hashlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from troupe.memories.memory_part import delete_parts, read_parts, read_versioned, replace_versioned

KINDS = ("person", "people", "preference", "promise", "event", "relationship")
# The kinds of facts that all of a person's characters may know, if the person wants that.
SHARED = ("person", "people", "preference")
PART, PAST_PART = "facts", "facts/past"
# Current facts, past facts, and characters of one fact. In Cyrillic that is 100 kB before compression.
MAX_FACTS, MAX_PAST, MAX_TEXT = 200, 200, 240
# Tries, while other writers change the same facts.
TRIES = 10


class FactsChangedError(Exception):
    """Other writers changed the facts all the time."""


@dataclass(frozen=True)
class Fact:
    """`said_at`: when its newest source was said, in ms. `sources`: message ids of turns, of `conversation`.

    `replaced_by`: of a past fact, the id of the one that superseded it; empty if it only left no room.
    """

    kind: str
    text: str
    said_at: int
    sources: tuple[int, ...]
    conversation: str
    replaced_by: str = ""

    @property
    def id(self) -> str:
        return hashlib.sha256(self.text.encode()).hexdigest()[:16]

    @property
    def stored(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        return cls(**{**stored, "sources": tuple(stored["sources"])})


@dataclass(frozen=True)
class Learned:
    """The facts of one owner: a conversation, or a person. `through`: the last turn that was searched for facts."""

    facts: tuple[Fact, ...] = ()
    past: tuple[Fact, ...] = ()
    through: int = 0

    @classmethod
    def read(cls, owner: str) -> Self:
        return cls.of(read_parts(owner, (PART, PAST_PART)))

    @classmethod
    def of(cls, parts: dict[str, Any]) -> Self:
        current, past = parts.get(PART, {}), parts.get(PAST_PART, [])
        facts = tuple(Fact.of(each) for each in current.get("facts", ()))
        return cls(facts, tuple(Fact.of(each) for each in past), current.get("through", 0))

    @property
    def stored(self) -> dict[str, Any]:
        """The past ones first: a worker that dies after them has superseded nothing silently."""
        current = {"facts": [fact.stored for fact in self.facts], "through": self.through}
        return {PAST_PART: [fact.stored for fact in self.past], PART: current}

    def learn(self, fact: Fact, replaces: str = "") -> Self:
        """Adds the fact. The fact that it supersedes becomes a past one, as does the oldest if there are too many."""
        same = next((each for each in self.facts if each.text.casefold() == fact.text.casefold()), None)
        if same:
            sources = tuple(sorted({*same.sources, *fact.sources}))
            newer = replace(same, said_at=max(same.said_at, fact.said_at), sources=sources)
            return self._with([newer if each is same else each for each in self.facts], [])
        old = [replace(each, replaced_by=fact.id) for each in self.facts if each.id == replaces]
        return self._with([*(each for each in self.facts if each.id != replaces), fact], old)

    def since(self, before: Self) -> Self:
        """The facts learned after `before`, with those that they superseded."""
        ids = {fact.id for fact in before.facts}
        new = tuple(fact for fact in self.facts if fact.id not in ids)
        return replace(self, facts=new, past=tuple(fact for fact in self.past if fact not in before.past))

    def taught(self, new: Self) -> Self:
        """Adds another owner's new facts that all characters may know."""
        learned = self
        for fact in new.facts:
            if fact.kind in SHARED:
                superseded = next((each.id for each in new.past if each.replaced_by == fact.id), "")
                learned = learned.learn(fact, superseded)
        return learned

    def put_right(self, fact_id: str, by: str) -> Self:
        """Makes a fact that the person corrected a past one, replaced `by` a pinned fact; so too what it replaced."""
        wrong = [fact for fact in self.facts if fact.id == fact_id]
        left = self._with([fact for fact in self.facts if fact.id != fact_id], wrong)
        past = (
            replace(fact, replaced_by=by) if fact in wrong or fact.replaced_by == fact_id else fact
            for fact in left.past
        )
        return replace(left, past=tuple(past))

    def without(self, sources: Iterable[tuple[str, int]]) -> Self:
        """Drops all facts, past ones too, that come from one of these turns of a conversation."""
        gone = set(sources)

        def stays(fact: Fact) -> bool:
            return not any((fact.conversation, source) in gone for source in fact.sources)

        facts, past = (tuple(filter(stays, each)) for each in (self.facts, self.past))
        return replace(self, facts=facts, past=past)

    def _with(self, facts: Sequence[Fact], old: Sequence[Fact]) -> Self:
        crowded = sorted(facts, key=lambda fact: fact.said_at)[: max(0, len(facts) - MAX_FACTS)]
        kept = tuple(fact for fact in facts if fact not in crowded)
        # A worker that was too late for the current facts has written the past ones already.
        past = tuple(dict.fromkeys((*self.past, *old, *crowded)))
        return replace(self, facts=kept, past=past[-MAX_PAST:])


def change(owner: str, how: Callable[[Learned], Learned]) -> tuple[Learned, Learned]:
    """Returns the facts before and after. Calls `how` again if another writer was faster, so that nothing is lost.

    :raises FactsChangedError: see there
    """
    for _ in range(TRIES):
        parts, versions = read_versioned(owner, (PART, PAST_PART))
        before = Learned.of(parts)
        after = how(before)
        if after == before or replace_versioned(owner, after.stored, versions):
            return before, after
    raise FactsChangedError


def forget_all(owner: str) -> None:
    delete_parts(owner, (PART, PAST_PART))


def shared_owner(person_id: int) -> str:
    """The owner of the facts that all characters of the person may know."""
    return f"person:{person_id}"
