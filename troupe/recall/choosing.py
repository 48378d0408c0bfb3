"""Fills a budget of tokens with the lines that bear most on a query; of a long line, with its best sentences."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from troupe.recall.query import Query
from troupe.recall.words import terms

# Below the first confidence nothing is recalled. Below the second the lines are given as uncertain.
MIN_CONFIDENCE, SURE_CONFIDENCE = 0.2, 0.5
# Characters of a recalled line. A longer one is shown by the sentences that bear on the query.
MAX_LINE = 320
# Tokens of the shortest line that is worth looking for.
MIN_LINE = 10
# Tokens of a short line: so many lines are read as may fill the budget.
SHORT_LINE = 22
# Items that a recall reads at most, those of the index among them, and the turns that it may read in any case. For a
# message that asks nothing: turns at most. DynamoDB bills half a unit for each item.
MAX_ITEMS, MIN_TURNS, MAX_TURNS_TOLD = 44, 20, 12
_SENTENCE = re.compile(r"[^.!?…\n]+[.!?…\n]*[\"»”')*_]*\s*|[.!?…\n]+\s*")


@dataclass(frozen=True)
class Line:
    """One of a turn's two texts. `turn_id` is the message id of the turn."""

    number: int
    turn_id: int
    text: str
    at_ms: int


def to_read(numbers: Sequence[int], budget: int, query: Query, items: int) -> list[int]:
    """The places of the turns whose lines may fill the budget: each of them is read, and paid for.

    :param numbers: the line that bears most on the query first
    :param items: of the index, which were read for the query
    """
    most = max(MIN_TURNS, MAX_ITEMS - items) if query.asks else MAX_TURNS_TOLD
    return list(dict.fromkeys(number // 2 for number in numbers[: max(0, budget // SHORT_LINE)]))[:most]


def chosen(
    query: Query,
    numbers: Iterable[int],
    lines: Mapping[int, Line],
    *,
    budget: int,
    cost: Callable[[Line], int],
    least: int = MIN_LINE,
    said: Iterable[str] = (),
) -> Sequence[Line]:
    """In the order in which they were said.

    :param numbers: the line that bears most on the query first
    :param cost: the tokens of a text
    :param least: with less than that left, no line is looked for any more
    :param said: texts that the prompt holds anyway: a line with the same words adds nothing
    """
    found: list[Line] = []
    texts = {_on_a_line(text).lower() for text in said}
    for number in numbers:
        if budget < least:
            break
        if number not in lines or not lines[number].text.strip():
            continue
        words = _on_a_line(lines[number].text).lower()
        line = replace(lines[number], text=shortened(lines[number].text, query))
        price = cost(line)
        if words in texts or price > budget:
            continue
        texts.add(words)
        budget -= price
        found.append(line)
    return sorted(found, key=lambda line: line.number)


def shortened(text: str, query: Query, most: int = MAX_LINE) -> str:
    """On one line; a text over `most` characters by the sentences that hold most of the query."""
    text = _on_a_line(text)
    if len(text) <= most:
        return text
    sentences: list[str] = [sentence for sentence in _SENTENCE.findall(text) if sentence.strip()]
    worth = [sum(query.weights.get(term, 0) for term in set(terms(sentence))) for sentence in sentences]
    kept: set[int] = set()
    left = most
    for place in sorted(range(len(sentences)), key=lambda place: (-worth[place], place)):
        if len(sentences[place]) <= left:
            kept.add(place)
            left -= len(sentences[place])
    if not kept:
        best = max(range(len(sentences)), key=lambda place: worth[place])
        return sentences[best][: most - 1].strip() + "…"
    shown: list[str] = []
    for place in sorted(kept):
        gap = "… " if (shown and place - 1 not in kept) or (not shown and place > 0) else ""
        shown.append(gap + sentences[place])
    return ("".join(shown).rstrip() + ("" if len(sentences) - 1 in kept else " …")).strip()


def _on_a_line(text: str) -> str:
    return " ".join(text.split())
