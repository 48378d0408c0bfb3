"""The share of a long conversation's prompts that the provider's cache serves, with and without a card's book.

Prompts are made as the reply function makes them, and counted by the offline model's estimate. No process is started.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from artefacts.package import ROOT
from bench.counts import answered, said
from functions.llm_reply.prompting.book.lines import Lore
from functions.llm_reply.prompting.book.waking import Scene, heard
from functions.llm_reply.prompting.history import FOLD_AT, KEEP, cost, newest_within, window
from functions.llm_reply.prompting.prompt import Exchange, conversation, instructions, memory
from local.llm.usage import PromptCache, Usage, tokens_in
from troupe.characters.book import read_book
from troupe.characters.card import Card
from troupe.characters.macros import Macros
from troupe.tokens import tokens

TURNS = 50
HISTORY_TOKENS = 3000
# A book of forty entries of some fifty tokens. Each message names one of its twenty subjects, and half of the answers
# another.
SUBJECTS = [f"Harbour {number}" for number in range(20)]
ENTRY = (
    "{} lies an hour down the coast, behind the reef; its people keep bees, mend nets, speak little and remember all."
)


@dataclass(frozen=True)
class Way:
    """How a book is played. `woken_first` puts its woken entries into the instructions; without `stay` they stand
    before the newest message alone.
    """

    name: str
    entries: int
    woken_first: bool = False
    stay: bool = True
    depth: int | None = None


WAYS = (
    Way("without a book", 0),
    Way("with a book, as Troupe plays it", 40),
    Way("with a book, woken entries before the newest message alone", 40, stay=False),
    Way("with a book whose entries stand at depth 4", 40, depth=4),
    Way("with a book, woken entries in the instructions", 40, woken_first=True),
)


def measure() -> dict[str, Usage]:
    """Sums over the answers of a conversation, by the name of the way."""
    return {way.name: _played(way) for way in WAYS}


def _played(way: Way) -> Usage:
    cache, total, cached = PromptCache(), 0, 0
    for prompt in _prompts(way):
        total += tokens_in(prompt)
        cached += cache.cached_tokens("", "", prompt)
    return Usage(total, cached, 0)


def _prompts(way: Way) -> Iterator[str]:
    card = Card.parse((ROOT / "characters" / "scheherazade.json").read_bytes())
    macros, lore = Macros("Scheherazade", "Anna", conversation="1"), Lore.of(read_book(_book(way)))
    past: list[Exchange] = []
    summary = ""
    for number in range(TURNS):
        message = Exchange(f"{said(number)} And {SUBJECTS[number % len(SUBJECTS)]}?", "", number)
        remembered = memory((), summary)
        budget = HISTORY_TOKENS - tokens(remembered)
        greeting, repeated = "" if summary else card.data.first_mes, window(past, budget)
        messages, turns = heard(greeting, [*repeated, message])
        passages = lore.at(Scene(messages, turns=turns if way.stay else ()), macros)
        lines = conversation(
            card.data,
            macros,
            remembered=remembered,
            greeting=greeting,
            past=repeated,
            message=message,
            at_depth=[] if way.woken_first else passages.at_depth(),
        )
        woken = [text for rule, text in passages.kept if not rule.is_steady] if way.woken_first else []
        told = instructions(card.data, macros, passages.steady("before"), [*passages.steady("after"), *woken])
        yield "\n\n".join([told, *(line.text for line in lines)])
        past.append(Exchange(message.text, f"{answered(number)} {SUBJECTS[number // 2 % len(SUBJECTS)]}.", number))
        if sum(map(cost, past)) > FOLD_AT * budget:
            past = past[len(past) - newest_within(past, round(KEEP * HISTORY_TOKENS)) :]
            summary = f"Up to message {number}: " + "Anna told of her day, and the tale went on. " * 12


def _book(way: Way) -> Mapping[str, Any]:
    decorator = "" if way.depth is None else f"@@depth {way.depth}\n"
    entries = [
        {"keys": [SUBJECTS[number % len(SUBJECTS)]], "content": decorator + ENTRY.format(f"Place {number}")}
        for number in range(way.entries)
    ]
    return (
        {"entries": [{"keys": [], "constant": True, "content": ENTRY.format("The shore")}, *entries]} if entries else {}
    )
