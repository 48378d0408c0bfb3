"""Conversations of our own in English and Russian: small talk with facts planted in it, written for this purpose.

`scenarios/<language>.txt` has the texts; the program draws from them, the same each time. A line with bars is a fact:
what the person says | what they ask about it much later | what the answer has to hold. An update has two statements.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from random import Random

from bench.recall.dialogue import Dialogue, Question, Spoken
from troupe.recall.index import PERSON

SCENARIOS = Path(__file__).with_name("scenarios")
LANGUAGES = ("en", "ru")
LENGTHS = (300, 500, 800, 1000, 1500, 2000)
NAMES = {"en": ("Anna", "Sherlock"), "ru": ("Анна", "Шерлок")}
KINDS = ("plain", "paraphrase", "idiom", "blind", "negation", "update")
# "Idiom": the table of idioms in troupe/recall was written with these at hand. "Blind" are idioms and paraphrases that
# were written after it, and for which nothing in troupe/recall was changed: keep it so.
# Facts of a kind that one conversation tells; several about the same thing would contradict each other.
TOLD = {"plain": 14, "paraphrase": 8, "idiom": 4, "blind": 4, "negation": 6, "update": 7}
NEVER = 10
START = datetime(2024, 1, 8, 18, tzinfo=UTC)
# The last turns hold no facts: a prompt repeats these turns anyway.
QUIET_END = 40
_SLOT = re.compile(r"{(\w+)}")


@dataclass(frozen=True)
class Texts:
    sections: Mapping[str, Sequence[str]]
    values: Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Fact:
    kind: str
    statements: Sequence[str]
    question: str
    answer: str


def conversations() -> list[Dialogue]:
    return [conversation(language, turns) for language in LANGUAGES for turns in LENGTHS]


def conversation(language: str, turns: int) -> Dialogue:
    dice = Random(f"{language} {turns}")  # noqa: S311 - variety, not secrecy
    texts = _read(language)
    facts = [fact for kind in KINDS for fact in _facts(texts, kind, dice)]
    said = [_small_talk(texts, dice, START + timedelta(hours=9 * place)) for place in range(turns)]
    questions = list(_plant(facts, said, dice))
    never = [Question(words, "never") for words in dice.sample(texts.sections["never"], NEVER)]
    person, character = NAMES[language]
    return Dialogue(f"{language}, {turns} turns", person, character, said, [*questions, *never])


def _facts(texts: Texts, kind: str, dice: Random) -> Iterator[Fact]:
    for line in dice.sample(texts.sections[kind], TOLD[kind]):
        *statements, question, answer = (part.strip() for part in line.split("|"))
        # An update's two statements must differ in each slot, so the values are drawn without replacement.
        drawn = {name: dice.sample(texts.values[name], 2) for name in sorted(set(_SLOT.findall(line)))}
        values = [{name: both[each] for name, both in drawn.items()} for each in range(len(statements))]
        told = [statement.format(**value) for statement, value in zip(statements, values, strict=True)]
        yield Fact(kind, told, question, answer.format(**values[-1]))


def _plant(facts: Sequence[Fact], said: list[Spoken], dice: Random) -> Iterator[Question]:
    count = sum(len(fact.statements) for fact in facts)
    places = iter(dice.sample(range(2, len(said) - QUIET_END), count))
    for fact in facts:
        at = sorted(next(places) for _ in fact.statements)
        for place, statement in zip(at, fact.statements, strict=True):
            said[place] = Spoken(statement, said[place].answer, said[place].at)
        outdated = 2 * at[0] + PERSON if len(at) > 1 else None
        yield Question(fact.question, fact.kind, frozenset({2 * at[-1] + PERSON}), fact.answer, outdated)


def _small_talk(texts: Texts, dice: Random, at: datetime) -> Spoken:
    text, answer = (_filled(dice.choice(texts.sections[who]), texts, dice) for who in ("person", "character"))
    return Spoken(text, answer, at)


def _filled(line: str, texts: Texts, dice: Random) -> str:
    return line.format(**{name: dice.choice(texts.values[name]) for name in _SLOT.findall(line)})


@cache
def _read(language: str) -> Texts:
    sections: dict[str, list[str]] = {}
    values: dict[str, list[str]] = {}
    for line in (SCENARIOS / f"{language}.txt").read_text(encoding="utf-8").splitlines():
        name, colon, listed = line.partition(": ")
        if line.startswith("# "):
            section = sections.setdefault(line[2:], [])
        elif colon and name.isidentifier():
            values[name] = [value.strip() for value in listed.split(",")]
        else:
            section.append(line)
    return Texts(sections, values)
