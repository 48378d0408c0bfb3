"""Markup inside a line: *actions*, **bold**, `code`, ~~strokes~~, ||spoilers||, links and the commonest HTML tags.

Near to CommonMark, and stricter where prose is not Markdown: 2*3*4, snake_case and ^_^ stay what they are. A mark that
finds no partner stays in the text.
"""

import html
import re
from dataclasses import dataclass, field
from itertools import accumulate

from functions.llm_reply.formatting.spans import Span

# The characters of a face such as ^_^: signs, and single letters.
_SIGN = r"(?:[^\w\s()`|\\/]|_|[^\W_](?![^\W_]))"
# ¯\_(ツ)_/¯, >_<, *-*, (*^o^*), (_ _), and the left arm of \(^o^)/
EMOTICON = (
    r"¯\\+_\(ツ\)_/+¯"
    r"|(?<![\w*])(?P<eye>[^\w\s`\\])_+(?:(?P=eye)|[<>])(?![\w*])"
    r"|(?<![\w*])\*[-.^]\*(?![\w*])"
    rf"|\({_SIGN}{{1,10}}\)"
    r"|\(\*?[_*] [_*]\*?\)"
    rf"|\\(?=\(?{_SIGN}{{2,10}}\)?/(?![\w/]))"
)
TOKEN = re.compile(
    rf"(?P<emoticon>{EMOTICON})"
    r"|\\(?P<escaped>[!-/:-@\[-`{-~])"
    r"|(?P<ticks>`+)"
    r"|(?P<run>\*+|_+|~+|\|+)"
    r"|<(?P<end>/?)(?P<tag>b|strong|i|em|u|s|del)>"
    r"|(?P<newline><br ?/?>)"
    r"|(?P<reference>&(?:[a-z]{2,8}|#\d{2,6});)"
    r"|(?P<label>!?\[)"
    r"|\]\((?P<url>https?://(?:[^\s()]|\([^\s()]{0,500}\)){1,500})\)",
    re.IGNORECASE,
)
STYLES = {"~~": "strikethrough", "||": "spoiler", "b": "bold", "strong": "bold", "i": "italic", "em": "italic",
          "u": "underline", "s": "strikethrough", "del": "strikethrough"}  # fmt: skip
RUNS = {"*": range(1, 4), "_": range(1, 4), "~": range(2, 3), "|": range(2, 3)}
EMPHASIS = {1: ("italic",), 2: ("bold",), 3: ("bold", "italic")}
# The limit of open marks. Each closing mark looks through all of them.
MAX_OPEN = 50
BEFORE_OPENING = "\"'([{«“„‘—–*_~|>"  # noqa: RUF001 - quotation marks and dashes of several languages
BEHIND_CLOSING = "\"')]}»”’—–*_~|<.,!?…:;"  # noqa: RUF001 - as above


@dataclass
class _Mark:
    """An opening mark. `left` is how many of a run's characters have found no partner yet."""

    key: str
    piece: int
    left: int = 1


@dataclass
class _Inline:
    """The text in pieces; a mark is a piece of its own, emptied once it is used. Spans are ranges of pieces."""

    source: str
    growing: bool
    pieces: list[str] = field(default_factory=list)
    spans: list[tuple[str, int, int, str]] = field(default_factory=list)
    open: list[_Mark] = field(default_factory=list)

    def read(self) -> None:
        position = 0
        while found := TOKEN.search(self.source, position):
            self.pieces += [self.source[position : found.start()], found.group()]
            position = found.end()
            if found["ticks"]:
                position = self._code(found["ticks"], position)
            elif found["run"]:
                self._run(found["run"], *found.span())
            elif found["label"]:
                self._opened("[")
            elif found["url"]:
                self._closed("[", "text_link", found["url"])
            elif found["tag"] and found["end"]:
                self._closed(found["tag"].lower(), STYLES[found["tag"].lower()])
            elif found["tag"]:
                self._opened(found["tag"].lower())
            elif not found["emoticon"]:
                self.pieces[-1] = "\n" if found["newline"] else found["escaped"] or html.unescape(found.group())
        self.pieces.append(self.source[position:])
        if self.growing:
            self._close_at_the_end()

    def _code(self, ticks: str, start: int) -> int:
        """The position after the code, or after ticks that are never closed."""
        closing = re.compile(rf"(?<!`){ticks}(?!`)").search(self.source, start)
        inside = self.source[start : closing.start()] if closing else self.source[start:]
        if not inside.strip() or not (closing or self.growing) or ("\n\n" in inside and ticks == "`"):
            return start
        self.pieces[-1] = inside.strip(" ")
        self.spans.append(("pre" if "\n" in inside else "code", len(self.pieces) - 1, len(self.pieces), ""))
        return closing.end() if closing else len(self.source)

    def _run(self, run: str, start: int, end: int) -> None:
        opens, closes = _flanks(self.source[start - 1 : start] or "\n", self.source[end : end + 1] or "\n", run[0])
        left = len(run)
        if left not in RUNS[run[0]]:
            return
        if run[0] in "~|":
            if not (closes and self._closed(run, STYLES[run])) and opens:
                self._opened(run)
            return
        while closes and left and (mark := self._partner(run[0], left)):
            used = min(mark.left, left, 2)
            self._style(mark, EMPHASIS[used][0], used)
            left -= used
        self.pieces[-1] = run[:left]
        if opens and left:
            self._opened(run[0], left)

    def _opened(self, key: str, left: int = 1) -> None:
        """Makes plain text of the oldest open marks beyond the maximum."""
        del self.open[: -MAX_OPEN + 1]
        self.open.append(_Mark(key, len(self.pieces) - 1, left))

    def _closed(self, key: str, kind: str, detail: str = "") -> bool:
        mark = self._partner(key, 1)
        if mark:
            self.pieces[mark.piece] = self.pieces[-1] = ""
            self._style(mark, kind, 1, detail)
        return mark is not None

    def _partner(self, key: str, left: int) -> _Mark | None:
        """The nearest opening mark, one of the same length before others. Marks in between become plain text."""
        places = [place for place, mark in enumerate(self.open) if mark.key == key]
        if not places:
            return None
        place = next((place for place in reversed(places) if self.open[place].left == left), places[-1])
        del self.open[place + 1 :]
        return self.open[place]

    def _style(self, mark: _Mark, kind: str, used: int, detail: str = "") -> None:
        self.spans.append((kind, mark.piece + 1, len(self.pieces) - 1, detail))
        mark.left -= used
        self.pieces[mark.piece] = self.pieces[mark.piece][: mark.left]
        if not mark.left:
            self.open.remove(mark)

    def _close_at_the_end(self) -> None:
        """Takes the open marks of the last paragraph for closed at the end of the text."""
        self.pieces.append("")
        paragraph = _last_paragraph(self.pieces)
        for mark in self.open[::-1]:
            if mark.key == "[" or mark.piece < paragraph:
                continue
            kinds = (STYLES[mark.key],) if mark.key in STYLES else EMPHASIS[mark.left]
            self.pieces[mark.piece] = ""
            self.spans += [(kind, mark.piece + 1, len(self.pieces) - 1, "") for kind in kinds]


def _last_paragraph(pieces: list[str]) -> int:
    """The number of the piece from which on there is no empty line."""
    after = ""
    for number in range(len(pieces) - 1, -1, -1):
        after = pieces[number] + after[:1]
        if "\n\n" in after:
            return number + 1
    return 0


def _flanks(before: str, behind: str, mark: str) -> tuple[bool, bool]:
    """Returns whether a run of marks may open, and whether it may close, by the characters on its two sides."""
    opens, closes = not behind.isspace(), not before.isspace()
    opening, closing = before in BEFORE_OPENING, behind in BEHIND_CLOSING
    if mark == "_":
        return opens and (not closes or opening), closes and (not opens or closing)
    if not (opens and closes):
        return opens, closes
    if before.isdigit() and behind.isdigit():
        return False, False
    within_word = f"{before}{behind}".isascii() and before.isalnum() and behind.isalnum()
    return not within_word and (opening or not closing), closing or not opening


def inline(source: str, *, growing: bool = False) -> tuple[str, list[Span]]:
    """The text without its markup, and the spans of the markup.

    :param growing: more text will come: open marks of the last paragraph are taken for closed at its end
    """
    reading = _Inline(source, growing)
    reading.read()
    offsets = [0, *accumulate(map(len, reading.pieces))]
    spans = [Span(kind, offsets[first], offsets[last], detail) for kind, first, last, detail in reading.spans]
    return "".join(reading.pieces), spans
