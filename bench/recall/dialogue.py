"""A long conversation, and questions about it with the lines that hold their answers."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from troupe.recall.index import CHARACTER, PERSON


@dataclass(frozen=True)
class Spoken:
    """A turn. Empty words: nobody spoke that line."""

    text: str
    answer: str
    at: datetime

    def line(self, side: int) -> str:
        return self.text if side == PERSON else self.answer


@dataclass(frozen=True)
class Question:
    """`evidence`: line numbers, as troupe.recall.index counts them; empty if no line says the answer.

    `outdated`: the line that was true until the evidence was said. `speaker`: the person or character that a
    question in the third person asks about.
    """

    words: str
    kind: str
    evidence: frozenset[int] = frozenset()
    answer: str = ""
    outdated: int | None = None
    speaker: int | None = None
    # Evidence that the file names and that is not in it: it counts as not found.
    missing: int = 0


@dataclass(frozen=True)
class Dialogue:
    name: str
    person: str
    character: str
    turns: Sequence[Spoken]
    questions: Sequence[Question] = field(default_factory=list)

    def line(self, number: int) -> str:
        return self.turns[number // 2].line(number % 2)

    def speaker(self, number: int) -> str:
        return self.character if number % 2 == CHARACTER else self.person
