"""Woken entries stay in the prompt where they woke, so that the provider's cache serves them with the next turns.

Nothing is stored: the turns that the prompt repeats are played again, which gives the same places with every turn.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from functions.llm_reply.prompting.book.rules import Rule
from functions.llm_reply.prompting.book.waking import MAX_SCANNED, Moment, Scene, most_tokens, wake, within_budget
from troupe.characters.macros import Macros

# Keys looked up for the earlier turns of one prompt: up to 40 ms for words, 100 ms for patterns. The entries of a book
# that needs more stand before the newest message alone, and so do those of a book with more keys than MAX_KEYS.
MAX_LOOKUPS, MAX_KEYS = 10_000, 2_000
# Of a turn, where contents wake other entries: most books have done after so many.
ROUNDS = 3
# Characters that are searched as one look-up. Most books look at fewer.
CHARACTERS = 8000


@dataclass(frozen=True)
class Replay:
    """:param cost: of an entry, in tokens; 0 if nothing is left of it"""

    rules: Sequence[Rule]
    recursive: bool
    budget: int | None
    macros: Macros
    cost: Callable[[Rule], int]

    def places(self, scene: Scene, kept: Sequence[Rule]) -> dict[int, int]:
        """The place of every entry that stays, by the entry's number: before the first message that woke it.

        :param kept: the entries that the newest message woke
        """
        *earlier, newest = scene.moments
        rules = self._candidates(scene, len(earlier))
        placed: dict[int, int] = {}
        for moment in earlier if rules else ():
            then = replace(scene, messages=scene.messages[: moment.heard])
            able = rules if self.recursive else _able(rules, then.messages)
            woken = [rule for rule in wake(able, then, self.macros, recursive=self.recursive) if self.cost(rule)]
            active = within_budget(woken, {rule.number: self.cost(rule) for rule in woken}, self.budget)
            placed = self._with(placed, active, moment)
        return self._with(placed, kept, newest)

    def _with(self, placed: Mapping[int, int], active: Sequence[Rule], moment: Moment) -> dict[int, int]:
        """All sleeping entries leave at once if the budget is used up: one by one, each turn would change the cache."""
        staying = [rule.number for rule in active if rule.stays]
        now = {**dict.fromkeys(staying, moment.place), **placed}
        used = sum(self.cost(self._numbered[number]) for number in {*now, *(rule.number for rule in active)})
        return now if used <= most_tokens(self.budget) else {number: now[number] for number in staying}

    @cached_property
    def _numbered(self) -> dict[int, Rule]:
        return {rule.number: rule for rule in self.rules}

    def _candidates(self, scene: Scene, turns: int) -> list[Rule]:
        """The entries that an earlier turn may have woken; [] if looking for them takes too long."""
        staying = [rule for rule in self.rules if rule.stays]
        steady = [rule for rule in self.rules if rule.is_steady]
        if not turns or sum(len(rule.keys.primary) for rule in staying) > MAX_KEYS:
            return []
        contents = [rule.content for rule in (*staying, *steady)] if self.recursive else []
        text = "\n".join([*scene.messages, *contents]).casefold()
        found = [rule for rule in staying if rule.keys.may_be_in(text)]
        rounds = ROUNDS if self.recursive else 1
        keys = sum(len(rule.keys.primary) + len(rule.keys.secondary) for rule in found)
        depth = max((max(0, rule.scan_depth) for rule in found), default=0)
        lengths = [len(message) for message in scene.messages]
        searched = min(sum(lengths), depth * max(lengths, default=0)) + min(MAX_SCANNED, sum(map(len, contents)))
        lookups = keys * rounds * turns * (1 + searched // CHARACTERS)
        return [*steady, *found] if lookups <= MAX_LOOKUPS else []


def _able(rules: Sequence[Rule], messages: Sequence[str]) -> list[Rule]:
    """Those that the newest messages may wake."""
    depth = max(max(0, rule.scan_depth) for rule in rules)
    recent = "\n".join(messages[-depth:] if depth else ()).casefold()
    return [rule for rule in rules if rule.is_steady or rule.keys.may_be_in(recent)]
