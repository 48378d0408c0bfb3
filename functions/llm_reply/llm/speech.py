"""The character's answer while it grows: bounded, and without lines of other speakers."""

import re

from functions.llm_reply.prompting.prompt import Speakers

# Four messages of Telegram's. MAX_OUTPUT_TOKENS is about half of it.
MAX_CHARACTERS = 16_000
MAX_INDENT = 40
GAP = re.compile(r"\s{3,}")
SENTENCE_END = re.compile(r"[.!?…。！？]+[\"»”’')\]*_~|]*(?=\s|\Z)")  # noqa: RUF001 - several languages end a sentence
# Names under which models write lines for the person.
PERSON = ("User", "Human", "Пользователь")
MIN_FIRST_NAME = 3


class Speech:
    """Takes the text piece by piece. The time for a piece does not depend on the length of the text before it."""

    def __init__(self, speakers: Speakers) -> None:
        self.text = ""
        # Set when another speaker's line begins: the rest of the output is dropped.
        self.ended = False
        self._prefix = _prefix(speakers)
        # White space that is added only if more text follows.
        self._gap = ""
        self._skipping = True
        # The beginning of the line that may still turn out to be another speaker's.
        self._line = 0

    @property
    def at_line_start(self) -> bool:
        return not self.text or "\n" in self._gap

    @property
    def is_glued(self) -> bool:
        return bool(self.text) and not self._gap

    def say(self, piece: str) -> None:
        if self.ended:
            return
        if self._skipping:
            piece = piece.lstrip()
            self._skipping = not piece
        more = self._gap + piece
        shown = more.rstrip()
        self._gap = GAP.sub(_shortened, more[len(shown) :])
        if not shown:
            return
        self.text += GAP.sub(_shortened, shown)
        self._check_lines()
        if len(self.text) > MAX_CHARACTERS:
            self.text, self.ended = to_sentence_end(self.text[:MAX_CHARACTERS]), True

    def restart(self) -> None:
        """Drops the text so far: it was a thought."""
        self.text, self._gap, self._skipping, self._line = "", "", True, 0

    def skip_space(self) -> None:
        """Keeps the first of two gaps around a text that is not shown."""
        self._skipping = not self.text or bool(self._gap)

    def end_turn(self) -> None:
        self.ended = bool(self.text)

    def _check_lines(self) -> None:
        while True:
            found = self._prefix.match(self.text, self._line)
            if found and found["character"]:
                self.text = self.text[: self._line] + self.text[found.end() :]
            elif found and self._line:
                self.text, self.ended = self.text[: self._line].rstrip(), True
                return
            following = self.text.find("\n", self._line)
            if following < 0:
                return
            self._line = following + 1


def _prefix(speakers: Speakers) -> re.Pattern[str]:
    """In a written dialogue, drops the character's name before a line; the person's name ends the answer."""
    own = _names(speakers.character)
    others = [name for name in (*PERSON, speakers.person) if name and name not in own] if own else []
    character, person = _any_of(own), _any_of(others)
    name = rf"(?:(?P<character>{character})|(?P<person>{person}))"
    return re.compile(rf"[ \t]*(?P<marks>[*_]{{0,3}}){name}(?:(?P=marks)[ \t]*:|:(?P=marks))\s*(?=\S)")


def to_sentence_end(text: str) -> str:
    """A cut text up to its last whole sentence; with dots if there is none in its second half."""
    ends = [found.end() for found in SENTENCE_END.finditer(text, len(text) // 2)]
    return text[: ends[-1]] if ends else f"{text.rstrip()}…"


def _shortened(gap: re.Match[str]) -> str:
    """At most one empty line, with the indentation behind it."""
    space = gap.group()
    lines = space.count("\n")
    return "\n" * min(lines, 2) + space[space.rfind("\n") + 1 :][:MAX_INDENT]


def _names(name: str) -> list[str]:
    """The whole name, and the first of several."""
    first, *others = name.split() or [""]
    return [name.strip(), first] if others and len(first) >= MIN_FIRST_NAME else [name.strip()] if first else []


def _any_of(names: list[str]) -> str:
    return "|".join(re.escape(name) for name in sorted(set(names), key=len, reverse=True)) or r"(?!)"
