"""Measures each way of remembering: the share of the evidence that it puts into the prompt, and its tokens."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property

from bench.recall.dialogue import Dialogue, Question
from troupe.memories.segments import MAX_NEW_TURNS, Manifest, Segment
from troupe.recall.choosing import MIN_CONFIDENCE, SURE_CONFIDENCE, Line, chosen, to_read
from troupe.recall.index import Postings, Said, postings
from troupe.recall.query import Query, query_of
from troupe.recall.ranking import Ranking, rank, rarity
from troupe.recall.words import terms

# Four characters are a token, as in the published figures. The product's own estimate counts bytes.
PER_TOKEN = 4
SUMMARY_CHARACTERS = 1600


@dataclass(frozen=True)
class Held:
    """The lines of a prompt. `recalled`: those that were looked for, the best first. `is_sure`: given as remembered."""

    numbers: frozenset[int]
    recalled: Sequence[int]
    tokens: float
    is_sure: bool = True


# Takes the subject, the question, and the lines that the prompt holds already.
Method = Callable[["Subject", Question], Held]


@dataclass(frozen=True, eq=False)
class Subject:
    """A dialogue with its index, asked after its last turn."""

    dialogue: Dialogue

    @cached_property
    def lines(self) -> dict[int, Line]:
        spoken = ((2 * place + side, place, turn) for place, turn in enumerate(self.dialogue.turns) for side in (0, 1))
        return {
            number: Line(number, place, turn.line(number % 2), int(turn.at.timestamp() * 1000))
            for number, place, turn in spoken
            if turn.line(number % 2)
        }

    @cached_property
    def index(self) -> Postings:
        return postings(Said(turn.text, turn.answer, turn.at.date()) for turn in self.dialogue.turns)

    @cached_property
    def manifest(self) -> Manifest:
        """Builds the index that the product would have if turns came in groups of the smallest segment."""
        known, turns = Manifest(), len(self.dialogue.turns)
        for first in range(0, turns, MAX_NEW_TURNS):
            segment = Segment(first, min(MAX_NEW_TURNS, turns - first))
            known = replace(known, segments=(*known.segments, segment))
            while known.mergeable:
                known = known.merged
        return known

    @property
    def today(self) -> date:
        return self.dialogue.turns[-1].at.date()

    def cost(self, line: Line) -> float:
        """The tokens of a shown line: the speaker's name, the words, and a part of the line with the date."""
        return (len(self.dialogue.speaker(line.number)) + len(line.text) + 6) / PER_TOKEN

    def query(self, question: Question) -> Query:
        query = query_of(question.words, self.today, names=(self.dialogue.person, self.dialogue.character))
        # A question in the third person names the one whom "I" or "you" would mean in a chat.
        return query if question.speaker is None else replace(query, speaker=question.speaker)

    def ranking(self, query: Query) -> Ranking:
        return rank(query, self.index, 2 * len(self.dialogue.turns))

    def newest(self, tokens: int) -> tuple[frozenset[int], float]:
        """The newest lines that fit, and the tokens that they take."""
        held: set[int] = set()
        spent = 0.0
        for number in sorted(self.lines, reverse=True):
            spent += self.cost(self.lines[number])
            if spent > tokens:
                return frozenset(held), spent - self.cost(self.lines[number])
            held.add(number)
        return frozenset(held), spent


def window(tokens: int) -> Method:
    def method(subject: Subject, _: Question) -> Held:
        numbers, spent = subject.newest(tokens)
        return Held(numbers, (), spent)

    return method


def summary(window_tokens: int) -> Method:
    """Stands in for a summary that a model writes: the lines with most rare words, up to a summary's length."""

    def method(subject: Subject, _: Question) -> Held:
        numbers, spent = subject.newest(window_tokens)
        total = 2 * len(subject.dialogue.turns)
        worth = {
            number: sum(rarity(len(subject.index.get(term, ())), total) for term in set(terms(line.text)))
            / len(line.text)
            for number, line in subject.lines.items()
        }
        left, kept = SUMMARY_CHARACTERS, set(numbers)
        for number in sorted(worth, key=lambda each: -worth[each]):
            if number not in kept and len(subject.lines[number].text) <= left:
                left -= len(subject.lines[number].text)
                kept.add(number)
        return Held(frozenset(kept), (), spent + (SUMMARY_CHARACTERS - left) / PER_TOKEN)

    return method


def lexical(recall_tokens: int, window_tokens: int) -> Method:
    """Recalls as the product does: nothing if no line bears on the message."""

    def method(subject: Subject, question: Question) -> Held:
        return held(subject, question, subject.ranking(subject.query(question)), recall_tokens, window_tokens)

    return method


def held(subject: Subject, question: Question, ranking: Ranking, recall_tokens: int, window_tokens: int) -> Held:
    """The lines of a prompt: the newest ones, and the best of the ranking that fit into the budget for recall."""
    newest, spent = subject.newest(window_tokens)
    if ranking.confidence < MIN_CONFIDENCE:
        return Held(newest, (), spent, is_sure=False)
    wanted = [number for number in ranking.numbers if number not in newest]
    query, cost = subject.query(question), subject.cost
    items = len(subject.manifest.parts_wanted(query.weights))
    read = set(to_read(wanted, recall_tokens, query, items))
    lines = {number: line for number, line in subject.lines.items() if line.turn_id in read}
    kept = chosen(query, wanted, lines, budget=recall_tokens, cost=lambda line: round(cost(line)))
    shown = {line.number for line in kept}
    order = [number for number in wanted if number in shown]
    sure = ranking.confidence >= SURE_CONFIDENCE
    return Held(newest | shown, order, spent + sum(map(cost, kept)), is_sure=sure)


@dataclass
class Score:
    """Shares of the evidence by kind of question. `preferred`: of updates, whether the newer line came first."""

    found: defaultdict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    preferred: list[bool] = field(default_factory=list)
    # For questions about things that were never said: whether the prompt claims no memory of them.
    unclaimed: list[bool] = field(default_factory=list)
    tokens: list[float] = field(default_factory=list)

    def add(self, question: Question, held: Held) -> None:
        self.tokens.append(held.tokens)
        if question.kind == "never":
            self.unclaimed.append(not held.recalled or not held.is_sure)
            return
        named = len(question.evidence) + question.missing
        self.found[question.kind].append(len(question.evidence & held.numbers) / named)
        if question.outdated is not None:
            (newer,) = question.evidence
            self.preferred.append(_prefers(held, newer, question.outdated))

    @property
    def all(self) -> float:
        return mean([share for shares in self.found.values() for share in shares])


def scores(subjects: Iterable[Subject], methods: Mapping[str, Method]) -> dict[str, Score]:
    found = {name: Score() for name in methods}
    for subject in subjects:
        for name, method in methods.items():
            for question in subject.dialogue.questions:
                found[name].add(question, method(subject, question))
    return found


def mean(values: Sequence[float]) -> float:
    return sum(values) / len(values) if values else 0.0


def _prefers(held: Held, newer: int, older: int) -> bool:
    """Whether the newer line is there, and stands above the older one."""
    if newer not in held.numbers or newer not in held.recalled:
        return newer in held.numbers
    order = list(held.recalled)
    return older not in order or order.index(newer) < order.index(older)
