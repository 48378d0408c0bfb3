"""A chat from another program: its turns, the names of its speakers, and counts of the lines that were left out."""

from collections.abc import Iterable, Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

# The newest turns are kept, up to this many and up to this many characters.
MAX_TURNS, MAX_CHARACTERS = 10_000, 4_000_000
# Characters of one message; a longer one is cut.
MAX_MESSAGE = 16_000
# Names that are kept of a group chat, and characters of one.
MAX_NAMES, MAX_NAME = 20, 64

# The place of a line without a speaker: a narrator's.
NOBODY = -1


@dataclass(frozen=True)
class ChatTurn:
    """`text` is the person's; `answers` are pairs of a place in `BroughtChat.names`, or NOBODY, and a text.

    Without `text` the characters went on by themselves. Times are milliseconds since 1970; `answered_at` is 0 if nobody
    answered.
    """

    sent_at: int
    text: str
    answers: tuple[tuple[int, str], ...] = ()
    answered_at: int = 0

    @property
    def size(self) -> int:
        return len(self.text) + sum(len(text) for _, text in self.answers)

    @property
    def stored(self) -> list[Any]:
        return [self.sent_at, self.text, [list(answer) for answer in self.answers], self.answered_at]

    @classmethod
    def of(cls, stored: list[Any]) -> Self:
        sent_at, text, answers, answered_at = stored
        return cls(sent_at, text, tuple((name, said) for name, said in answers), answered_at)

    def answered(self, speaker: int, text: str, at: int) -> Self:
        return replace(self, answers=(*self.answers, (speaker, text)), answered_at=self.answered_at or at)

    def answer(self, names: list[str], character: int) -> str:
        """The answers as one text. In a group, lines of other characters begin with their name.

        :param character: the place in `names` of the character whose conversation it becomes
        """
        own = {character, NOBODY}
        return "\n\n".join(text if name in own else f"{names[name]}: {text}" for name, text in self.answers)


@dataclass(frozen=True)
class Counts:
    """`messages` is of those that are kept. `older`: left out, because MAX_TURNS and MAX_CHARACTERS keep the newest.

    `swipes` are other answers to the same message; `unread` are lines that are no messages; `system` are notes of the
    program; `cut` are messages longer than MAX_MESSAGE.
    """

    messages: int = 0
    older: int = 0
    swipes: int = 0
    unread: int = 0
    system: int = 0
    cut: int = 0


@dataclass(frozen=True)
class BroughtChat:
    """A chat without its turns. `names`: of its characters, the one that spoke most first.

    `opening`: what was said before the person's first message, as `ChatTurn.answers`; empty if that is left out.
    `first` and `last` are the lines that a preview shows.
    """

    names: list[str]
    opening: tuple[tuple[int, str], ...]
    first: str
    last: str
    since: int
    until: int
    turns: int
    counts: Counts

    @property
    def stored(self) -> dict[str, Any]:
        return asdict(self)

    @classmethod
    def of(cls, stored: dict[str, Any]) -> Self:
        opening = tuple((name, said) for name, said in stored["opening"])
        return cls(**{**stored, "opening": opening, "counts": Counts(**stored["counts"])})


def in_pieces(turns: Iterable[ChatTurn], most: int, characters: int) -> Iterator[list[ChatTurn]]:
    """Groups of neighbouring turns, bounded by turns and by characters. A turn that alone has more is a group."""
    piece: list[ChatTurn] = []
    size = 0
    for turn in turns:
        if piece and (len(piece) == most or size + turn.size > characters):
            yield piece
            piece, size = [], 0
        piece.append(turn)
        size += turn.size
    if piece:
        yield piece
