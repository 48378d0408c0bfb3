"""Which entries of a card's book join a prompt: by their keys, by each other's contents, within a budget of tokens."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from functions.llm_reply.prompting.book.keys import Text
from functions.llm_reply.prompting.book.rules import CERTAIN, Rule
from functions.llm_reply.prompting.prompt import Exchange
from troupe.characters.macros import Macros, hidden_keys

MAX_ROUNDS = 10
# Characters of contents that are searched for keys: a book may hold two million.
MAX_SCANNED = 32_000
# Tokens if the book does not say; and the most that a book may ask for, so that the person's turns have room.
BUDGET, MAX_BUDGET = 1000, 4000


class Moment(NamedTuple):
    """A message of the person when it was to be answered.

    `place`: the number of messages before it. `heard`: with it. The two are equal if the person wrote nothing.
    """

    place: int
    heard: int


@dataclass(frozen=True)
class Scene:
    """Where the conversation stands.

    :param messages: oldest first, the one to be answered last
    :param replies: how many messages the character has written, its greeting among them
    :param greeting: the index of the greeting that opened the conversation
    :param woken: the names of entries that were woken at earlier turns
    :param turns: the person's messages, oldest first, the one to be answered last; none if only that one counts
    :param seed: names the turn: an entry with a probability has the same luck when the turn is tried again
    """

    messages: Sequence[str]
    replies: int = 0
    greeting: int = 0
    woken: frozenset[str] = field(default_factory=frozenset)
    seed: str = ""
    turns: Sequence[Moment] = ()

    @property
    def moments(self) -> Sequence[Moment]:
        return self.turns or [Moment(max(0, len(self.messages) - 1), len(self.messages))]


def heard(greeting: str, exchanges: Sequence[Exchange]) -> tuple[list[str], list[Moment]]:
    """The messages and the turns of a scene.

    :param exchanges: the earlier ones, and the message to be answered
    """
    messages = [greeting] if greeting else []
    turns = []
    for exchange in exchanges:
        place = len(messages)
        messages += [exchange.text] if exchange.text else []
        turns.append(Moment(place, len(messages)))
        messages += [exchange.answer] if exchange.answer else []
    return messages, turns


def wake(rules: Sequence[Rule], scene: Scene, macros: Macros, *, recursive: bool) -> list[Rule]:
    """In the order of the book."""
    texts: dict[int, Text] = {}
    scanned = ""
    woken: list[Rule] = []
    waiting = [rule for rule in rules if _may_wake(rule, scene)]
    for turn in range(MAX_ROUNDS + 1):
        texts.clear()
        new = [rule for rule in waiting if _wakes(rule, scene, macros, texts, scanned, by_contents=turn > 0)]
        woken += new
        found = {rule.number for rule in new}
        waiting = [rule for rule in waiting if rule.number not in found]
        contents = [_read_by_others(rule, macros) for rule in new if rule.wakes_others]
        if not recursive or not waiting or not any(contents) or len(scanned) >= MAX_SCANNED:
            break
        scanned = "\n".join([scanned, *contents])[:MAX_SCANNED]
    return sorted(woken, key=lambda rule: rule.number)


def _may_wake(rule: Rule, scene: Scene) -> bool:
    """The conditions that do not depend on a text."""
    says, woken_before = rule.decorators, rule.name in scene.woken
    if "activate" in says:
        return True
    if "dont_activate_after_match" in says and woken_before:
        return False
    greeting, after = says.number("is_greeting"), says.number("activate_only_after")
    if greeting is not None and greeting != scene.greeting:
        return False
    if "keep_activate_after_match" in says and woken_before:
        return True
    if scene.replies < (after or 0) or scene.replies % (says.number("activate_only_every") or 1):
        return False
    return rule.probability >= CERTAIN or _luck(f"{scene.seed}:{rule.name}") < rule.probability


def _wakes(
    rule: Rule, scene: Scene, macros: Macros, texts: dict[int, Text], scanned: str, *, by_contents: bool
) -> bool:
    kept = "keep_activate_after_match" in rule.decorators and rule.name in scene.woken
    if kept or "activate" in rule.decorators:
        return True
    if rule.only_by_contents and not by_contents:
        return False
    # Entries that contents may not wake are looked up once.
    if by_contents and not rule.by_contents:
        return False
    depth = max(0, rule.scan_depth)
    if depth not in texts:
        recent = scene.messages[-depth:] if depth else ()
        texts[depth] = Text("\n".join([*recent, scanned]))
    return rule.keys.allow(texts[depth], macros) if rule.always else rule.keys.are_in(texts[depth], macros)


def _read_by_others(rule: Rule, macros: Macros) -> str:
    return "\n".join([macros.fill(rule.content), *hidden_keys(rule.content)])


def _luck(name: str) -> float:
    """From 0 up to 100."""
    return int.from_bytes(hashlib.sha256(name.encode(errors="replace")).digest()[:4]) / (1 << 32) * 100


def most_tokens(budget: int | None) -> int:
    return min(BUDGET if budget is None else max(0, budget), MAX_BUDGET)


def within_budget(woken: Sequence[Rule], costs: Mapping[int, int], budget: int | None) -> list[Rule]:
    """Drops the entries of the lowest priority. An entry larger than the budget pushes no other out.

    :param costs: tokens, by the entry's number
    """
    most = left = most_tokens(budget)
    kept: list[Rule] = []
    for rule in sorted(woken, key=lambda rule: rule.rank, reverse=True):
        if costs[rule.number] > most:
            continue
        left -= costs[rule.number]
        if left < 0:
            break
        kept.append(rule)
    return sorted(kept, key=lambda rule: (rule.order, rule.number))
