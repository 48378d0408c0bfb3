"""A card's book at one turn: the entries in the prompt, and their places."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from typing import Self

from functions.llm_reply.prompting import house
from functions.llm_reply.prompting.author_lines import said_as
from functions.llm_reply.prompting.book.rules import Rule, rules_of
from functions.llm_reply.prompting.book.staying import Replay
from functions.llm_reply.prompting.book.waking import Scene, wake, within_budget
from functions.llm_reply.prompting.data_marks import as_data
from functions.llm_reply.prompting.prompt import AtDepth, ChatMessage
from troupe.characters.book import Book
from troupe.characters.macros import Macros
from troupe.tokens import tokens

_AROUND = ("before", "after")


@dataclass(frozen=True)
class Lore:
    """A book, read once for many turns."""

    rules: tuple[Rule, ...] = ()
    budget: int | None = None
    recursive: bool = False

    @classmethod
    def of(cls, book: Book) -> Self:
        return cls(rules_of(book), book.token_budget, bool(book.recursive_scanning))

    @property
    def counts_replies(self) -> bool:
        """Whether it matters how many messages the character has written."""
        names = ("activate_only_after", "activate_only_every")
        return any(name in rule.decorators for rule in self.rules for name in names)

    def at(self, scene: Scene, macros: Macros) -> "Passages":
        woken = wake(self.rules, scene, macros, recursive=self.recursive)
        filled = {rule.number: macros.fill(rule.content).strip() for rule in woken}
        costs = {number: tokens(text) for number, text in filled.items()}
        kept = within_budget([rule for rule in woken if filled[rule.number]], costs, self.budget)

        def text_of(rule: Rule) -> str:
            if rule.number not in filled:
                filled[rule.number] = macros.fill(rule.content).strip()
            return filled[rule.number]

        replay = Replay(self.rules, self.recursive, self.budget, macros, lambda rule: tokens(text_of(rule)))
        places = replay.places(scene, kept)
        stayed = [(places[rule.number], rule, text_of(rule)) for rule in self.rules if rule.number in places]
        return Passages(
            tuple((rule, filled[rule.number]) for rule in kept),
            len(scene.messages),
            tuple(sorted(stayed, key=lambda each: (each[0], each[1].order, each[1].number))),
        )


@dataclass(frozen=True)
class Passages:
    """The entries of one turn with their texts, in the order of the prompt."""

    kept: tuple[tuple[Rule, str], ...] = ()
    messages: int = 0
    # Entries that were woken by this message or an earlier one, each with the number of messages before it.
    stayed: tuple[tuple[int, Rule, str], ...] = ()

    def steady(self, place: str) -> list[str]:
        """The entries that stand in every prompt, "before" or "after" the character."""
        return [text for rule, text in self.kept if rule.is_steady and rule.place == place]

    def woken(self) -> list[str]:
        """The entries of this turn alone, as one line before the newest message; [] if there are none."""
        placed = [(rule, text) for rule, text in self.kept if not (rule.is_steady or rule.stays)]
        return [_together(placed)] if any(rule.place in _AROUND for rule, _ in placed) else []

    def at_depth(self) -> list[AtDepth]:
        """The entries that stay where they woke, as one line before each message; and those with a depth."""
        by_place = groupby(self.stayed, key=itemgetter(0))
        lines = [(place, _together([(rule, text) for _, rule, text in some])) for place, some in by_place]
        staying = [AtDepth(self.messages - place, ChatMessage("developer", line)) for place, line in lines]
        deep = [AtDepth(depth, said_as(rule.role, house.BOOK, "book", text)) for rule, text, depth in self.deep()]
        return [*staying, *deep]

    def deep(self) -> list[tuple[Rule, str, int]]:
        """The entries with a depth, counted in messages from the prompt's end."""
        counted: Mapping[str, Callable[[Rule], int]] = {
            "depth": lambda rule: rule.depth,
            "reverse_depth": lambda rule: self.messages - rule.depth,
        }
        return [(rule, text, max(0, counted[rule.place](rule))) for rule, text in self.kept if rule.place in counted]

    def to_remember(self) -> frozenset[str]:
        """The names of entries that behave in another way once they were woken."""
        names = ("keep_activate_after_match", "dont_activate_after_match")
        return frozenset(rule.name for rule, _ in self.kept if any(name in rule.decorators for name in names))


def _together(placed: Sequence[tuple[Rule, str]]) -> str:
    """One line of entries that stand before or after the character."""
    texts = [text for place in _AROUND for rule, text in placed if rule.place == place]
    together = "\n\n".join(texts)
    return f"{house.BOOK}\n{as_data('book', together)}"
