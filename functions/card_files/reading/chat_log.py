"""A SillyTavern chat as turns: each message of the person, with all answers before their next message."""

from collections import Counter, deque
from dataclasses import dataclass, field, replace

from functions.card_files.reading.chat_lines import ChatLine, Unread, read_lines
from troupe.brought_chats.chat import (
    MAX_CHARACTERS,
    MAX_MESSAGE,
    MAX_NAMES,
    MAX_TURNS,
    NOBODY,
    BroughtChat,
    ChatTurn,
    Counts,
)
from troupe.characters.card_refusal import CardRefusedError
from troupe.characters.presentation import clean_line, shortened

# Characters of the lines that a preview shows.
MAX_SHOWN = 200


@dataclass
class _Log:
    """Collects turns, and drops the oldest if there are too many."""

    now: int
    turns: deque[ChatTurn] = field(default_factory=deque)
    # Before the person's first message.
    opening: ChatTurn = field(default_factory=lambda: ChatTurn(0, ""))
    names: list[str] = field(default_factory=list)
    spoken: Counter[int] = field(default_factory=Counter)
    counts: Counter[str] = field(default_factory=Counter)
    size: int = 0
    at: int = 0

    def add(self, line: ChatLine) -> None:
        """Times never go back: a line without a date, or with an earlier one, has that of the line before it."""
        self.at = max(self.at, min(line.sent_at or 0, self.now))
        self.counts.update(messages=1, swipes=line.swipes, cut=line.is_cut)
        if line.is_user:
            self._append(ChatTurn(self.at, line.text))
            return
        speaker = self._place_of(line.name)
        self.spoken[speaker] += 1
        if not self.turns and not self.counts["older"] and self.opening.size < MAX_MESSAGE:
            self.opening = self.opening.answered(speaker, line.text, self.at)
        elif self.turns and self.turns[-1].size + len(line.text) < MAX_MESSAGE:
            self._append(self._taken().answered(speaker, line.text, self.at))
        else:
            self._append(ChatTurn(self.at, "").answered(speaker, line.text, self.at))

    def _place_of(self, name: str) -> int:
        """The place of the name; NOBODY if a group has too many names."""
        if name and name not in self.names and len(self.names) < MAX_NAMES:
            self.names.append(name)
        return self.names.index(name) if name in self.names else NOBODY

    def _append(self, turn: ChatTurn) -> None:
        self.turns.append(turn)
        self.size += turn.size
        while len(self.turns) > MAX_TURNS or (self.size > MAX_CHARACTERS and len(self.turns) > 1):
            oldest = self.turns.popleft()
            self.size -= oldest.size
            self.counts["older"] += _messages(oldest)

    def _taken(self) -> ChatTurn:
        turn = self.turns.pop()
        self.size -= turn.size
        return turn


def read_chat_log(raw: bytes, now: int) -> tuple[BroughtChat, list[ChatTurn]]:
    """:param now: no message was sent after that, in milliseconds since 1970
    :raises CardRefusedError: no line of it can be read as a message
    """
    log, unread = _Log(now), Unread()
    for line in read_lines(raw, unread):
        log.add(line)
    if not log.turns and not log.opening.answers:
        raise CardRefusedError("empty_chat")
    turns = _dated(log)
    if log.counts["older"]:
        log.counts["older"] += _messages(log.opening)
        log.opening = ChatTurn(0, "")
    order = [place for place, _ in log.spoken.most_common() if place != NOBODY]
    turns = [_renumbered(turn, order) for turn in turns]
    opening = _renumbered(log.opening, order)
    every = [opening, *turns] if opening.answers else turns
    counts = Counts(
        messages=log.counts["messages"] - log.counts["older"],
        older=log.counts["older"],
        swipes=log.counts["swipes"],
        unread=unread.broken,
        system=unread.system,
        cut=log.counts["cut"],
    )
    first, last = _lines(every[0])[0], _lines(every[-1])[-1]
    names = [log.names[place] for place in order]
    since = every[0].sent_at or every[0].answered_at or (turns or every)[0].sent_at or now
    return BroughtChat(
        names, opening.answers, _shown(first), _shown(last), since, log.at or now, len(turns), counts
    ), turns


def _dated(log: _Log) -> list[ChatTurn]:
    """Lines before the first date get that date; a chat without dates gets the present time."""
    first = next((turn.sent_at for turn in log.turns if turn.sent_at), log.now)
    return [
        replace(turn, sent_at=turn.sent_at or first, answered_at=(turn.answered_at or first) if turn.answers else 0)
        for turn in log.turns
    ]


def _renumbered(turn: ChatTurn, order: list[int]) -> ChatTurn:
    """Sorts the names by how often they speak."""
    places = {old: new for new, old in enumerate(order)}
    return replace(turn, answers=tuple((places.get(name, NOBODY), text) for name, text in turn.answers))


def _messages(turn: ChatTurn) -> int:
    return bool(turn.text) + len(turn.answers)


def _lines(turn: ChatTurn) -> list[str]:
    return [*filter(None, [turn.text]), *(text for _, text in turn.answers)]


def _shown(line: str) -> str:
    return shortened(clean_line(line), MAX_SHOWN)
