"""The inverted index: for each term the numbers of the lines that hold it.

A turn's place in its conversation is counted from 0. Its person's line has the number 2 * place, its character's line
the next one, so that neighbours have neighbouring numbers and a number tells who spoke.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import date
from typing import NamedTuple

from troupe.recall.dates import terms_of_day
from troupe.recall.idioms import idioms_in
from troupe.recall.kinds import kinds_of
from troupe.recall.words import terms

# Term to line numbers, ascending.
Postings = dict[str, list[int]]
PERSON, CHARACTER = 0, 1
# Terms of one line that are indexed: a novel pasted into the chat must not fill the index.
MAX_TERMS = 150


class Said(NamedTuple):
    """A turn as the index sees it. Empty words: nobody spoke that line."""

    text: str
    answer: str
    on: date


def index_terms(line: str, on: date) -> set[str]:
    """Stems, kinds of things, also of those that idioms stand for, and the day it was said."""
    found = list(dict.fromkeys(terms(line)))[:MAX_TERMS]
    if not found:
        return set()
    kinds = frozenset().union(*map(kinds_of, found), *(kinds for _, kinds in idioms_in(line)))
    return {*found, *terms_of_day(on), *kinds}


def postings(turns: Iterable[Said], first: int = 0) -> Postings:
    """:param first: the place of the first of these turns"""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for place, turn in enumerate(turns, start=first):
        for side, line in ((PERSON, turn.text), (CHARACTER, turn.answer)):
            for term in index_terms(line, turn.on):
                found[term].append(2 * place + side)
    return dict(found)


def merged(parts: Iterable[Postings]) -> Postings:
    """:param parts: in the order of their lines"""
    found: defaultdict[str, list[int]] = defaultdict(list)
    for part in parts:
        for term, numbers in part.items():
            found[term].extend(numbers)
    return dict(found)
