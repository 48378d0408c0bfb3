"""Which lines bear on a query: BM25's weight of rare words, carried over to the lines around."""

import heapq
import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from operator import itemgetter

from troupe.recall.query import Query

# Shares of a line's score that lines at a distance of 1, 2, 3 and 4 get: an answer seldom repeats the words of its
# question. Measured on long dialogues, this finds a tenth more of the needed lines.
KERNEL = (0.6, 0.4, 0.2, 0.1)
# Factors: lines of the speaker that is asked about count more; and the newest line counts more than the first.
SPEAKER_BONUS, NEWEST_BONUS = 1.0, 0.05
# The best lines that share their score: in a long conversation a common word stands in thousands of lines.
MAX_SPREAD = 600
# Lines with less than this share of the best line's score are left out: the budget need not be spent.
MIN_SHARE = 0.15
# The best lines among which a newer one goes before an older one that it supersedes; and the weight from which a term
# tells the subject of a line.
MAX_REORDERED, MIN_WEIGHTY = 12, 1.0
# Of lines that hold the same terms of the query, so many go before all others: people say "Work was long" every day,
# and what their work is once.
MAX_ALIKE = 16
# The lines next to a line count as one with it when it is judged how much of the query was ever said.
NEAR = 1


@dataclass(frozen=True)
class Ranking:
    """`numbers` are lines, the one that bears most on it first. `confidence`: the share of the query, 0 to 1, that the
    best place of the conversation covers, rare words counting more.
    """

    numbers: Sequence[int]
    confidence: float


def rank(query: Query, postings: Mapping[str, Sequence[int]], lines: int, *, most: int = 400) -> Ranking:
    """:param lines: of the whole conversation"""
    scores = _best(_scores(query, postings, lines))
    spread = _spread(scores, lines)
    for number in spread:
        if query.speaker is not None and number % 2 == query.speaker:
            spread[number] *= 1 + SPEAKER_BONUS
        spread[number] *= 1 + NEWEST_BONUS * number / lines
    floor = MIN_SHARE * max(spread.values(), default=0.0)
    bearing = [number for number, score in spread.items() if score >= floor]
    best = sorted(bearing, key=lambda number: (-spread[number], -number))[:most]
    varied = _varied(_newer_first(best, query, postings), query, postings)
    return Ranking(varied, _confidence(query, postings, lines, scores))


def rarity(found: int, lines: int) -> float:
    """BM25's inverse document frequency."""
    return math.log(1 + (lines - found + 0.5) / (found + 0.5))


def _scores(query: Query, postings: Mapping[str, Sequence[int]], lines: int) -> Mapping[int, float]:
    scores: dict[int, float] = {}
    for term, weight in query.weights.items():
        value = weight * rarity(len(postings.get(term, ())), lines)
        for number in postings.get(term, ()):
            scores[number] = scores.get(number, 0.0) + value
    return scores


def _best(scores: Mapping[int, float]) -> Mapping[int, float]:
    if len(scores) <= MAX_SPREAD:
        return scores
    return dict(heapq.nlargest(MAX_SPREAD, scores.items(), key=itemgetter(1)))


def _spread(scores: Mapping[int, float], lines: int) -> dict[int, float]:
    spread: defaultdict[int, float] = defaultdict(float)
    for number, score in scores.items():
        spread[number] += score
        for distance, share in enumerate(KERNEL, start=1):
            if number >= distance:
                spread[number - distance] += share * score
            if number + distance < lines:
                spread[number + distance] += share * score
    return spread


def _newer_first(best: Sequence[int], query: Query, postings: Mapping[str, Sequence[int]]) -> Sequence[int]:
    """Of the lines that hold most of the query's weighty terms, a newer one goes before an older one.

    What was said later supersedes: "I live in Oslo now" comes before "I live in Rome with two flatmates".
    """
    head = best[:MAX_REORDERED]
    held: Counter[int] = Counter()
    for term, weight in query.weights.items():
        if weight >= MIN_WEIGHTY:
            held.update(set(head).intersection(postings.get(term, ())))
    most = max(held.values(), default=0)
    rivals = [number for number in head if most and held[number] == most and number % 2 == head[0] % 2]
    newest = iter(sorted(rivals, reverse=True))
    return [*(next(newest) if number in rivals else number for number in head), *best[len(head) :]]


def _varied(best: Sequence[int], query: Query, postings: Mapping[str, Sequence[int]]) -> Sequence[int]:
    bearing = frozenset(best)
    holding = {term: bearing.intersection(postings.get(term, ())) for term in query.weights}
    alike: Counter[tuple[str, ...]] = Counter()
    first: list[int] = []
    later: list[int] = []
    for number in best:
        held = tuple(term for term, numbers in holding.items() if number in numbers)
        alike[held] += 1
        (later if held and alike[held] > MAX_ALIKE else first).append(number)
    return [*first, *later]


def _confidence(query: Query, postings: Mapping[str, Sequence[int]], lines: int, best: Mapping[int, float]) -> float:
    """:param best: the lines that hold most of the query: one of the places around them covers most of it"""
    places = _near(best)
    covered = dict.fromkeys(places, 0.0)
    total = 0.0
    for word in query.own:
        value = rarity(len(postings.get(word, ())), lines)
        total += value
        near: dict[int, float] = {}
        for kind in query.kinds.get(word, ()):
            near.update(dict.fromkeys(_near(best.keys() & postings.get(kind, ())), query.weights[kind] * value))
        near.update(dict.fromkeys(_near(best.keys() & postings.get(word, ())), value))
        for number, share in near.items():
            covered[number] += share
    return max(covered.values(), default=0.0) / total if total else 0.0


def _near(numbers: Iterable[int]) -> set[int]:
    return {number + step for number in numbers for step in range(-NEAR, NEAR + 1)}
