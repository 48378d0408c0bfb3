"""https://core.telegram.org/bots/api#markdownv2-style"""

import re

from local.simulator.entities import utf16_length
from local.simulator.refusal import Json, Refused, bad_request

STYLES = {"*": "bold", "_": "italic", "__": "underline", "~": "strikethrough", "||": "spoiler"}
RESERVED = frozenset("_*[]()~`>#+-=|{}.!")
TOKEN = re.compile(r"\\(?P<escaped>[\x01-\x7e])|```|`|__|\|\||[*_~]|!?\[|\]\((?P<url>(?:\\.|[^)\\])*)\)")
CODE_END = {"`": re.compile(r"((?:\\.|[^`\\])*)`"), "```": re.compile(r"((?:\\.|(?!```)[^\\])*)```", re.DOTALL)}


class _Markdown:
    def __init__(self, source: str) -> None:
        self.source = source
        self.text = ""
        self.position = 0
        self.entities: list[Json] = []
        self.open: list[tuple[str, int]] = []

    def parse(self) -> tuple[str, list[Json]]:
        while match := TOKEN.search(self.source, self.position):
            self._plain(self.source[self.position : match.start()])
            self.position = match.end()
            self._token(match)
        self._plain(self.source[self.position :])
        if self.open:
            raise _cant_parse(f"Can't find end of the entity starting with '{self.open[-1][0]}'")
        return self._with_quotes()

    def _plain(self, piece: str) -> None:
        line_start = self.text == "" or self.text.endswith("\n")
        for character in piece:
            if character in RESERVED and not (character == ">" and line_start):
                raise _cant_parse(f"Character '{character}' is reserved and must be escaped with the preceding '\\'")
            line_start = character == "\n"
            self.text += "\0" if character == ">" else character

    def _token(self, match: re.Match[str]) -> None:
        token = match.group()
        if match["escaped"]:
            self.text += match["escaped"]
        elif token in CODE_END:
            self._code(token)
        elif match["url"] is not None:
            self._close("[", {"url": re.sub(r"\\(.)", r"\1", match["url"])})
        elif token in ("[", "!["):
            self.open.append(("[", utf16_length(self.text)))
        elif any(style == token for style, _ in self.open):
            self._close(token, {})
        else:
            self.open.append((token, utf16_length(self.text)))

    def _close(self, mark: str, extra: Json) -> None:
        if not self.open or self.open[-1][0] != mark:
            raise _cant_parse(f"Can't find end of the entity starting with '{mark}'")
        start = self.open.pop()[1]
        kind = "text_link" if mark == "[" else STYLES[mark]
        self._add(kind, start, extra)

    def _code(self, fence: str) -> None:
        match = CODE_END[fence].match(self.source, self.position)
        if not match:
            raise _cant_parse(f"Can't find end of the entity starting with '{fence}'")
        self.position, start = match.end(), utf16_length(self.text)
        inside, extra = match[1], {}
        if fence == "```" and (language := re.match(r"(\w*)\n", inside)):
            inside = inside[language.end() :]
            extra = {"language": language[1]} if language[1] else {}
        self.text += re.sub(r"\\(.)", r"\1", inside)
        self._add("code" if fence == "`" else "pre", start, extra)

    def _add(self, kind: str, start: int, extra: Json) -> None:
        length = utf16_length(self.text) - start
        if length:
            self.entities.append({"type": kind, "offset": start, "length": length} | extra)

    def _with_quotes(self) -> tuple[str, list[Json]]:
        """Lines marked as quoted become one blockquote per run; the marks leave and later entities move up."""
        marks = [index for index, character in enumerate(self.text) if character == "\0"]
        text = self.text.replace("\0", "")
        units = [utf16_length(self.text[:index]) for index in marks]
        for entity in self.entities:
            end = entity["offset"] + entity["length"]
            before = sum(unit < entity["offset"] for unit in units)
            entity["length"] = end - sum(unit < end for unit in units) - entity["offset"] + before
            entity["offset"] -= before
        return text, self.entities + _quotes(self.text)


def _quotes(marked: str) -> list[Json]:
    quotes: list[Json] = []
    offset, quoting = 0, False
    for line in marked.splitlines(keepends=True):
        length = utf16_length(line.replace("\0", ""))
        if line.startswith("\0") and quoting:
            quotes[-1]["length"] += length
        elif line.startswith("\0"):
            quotes.append({"type": "blockquote", "offset": offset, "length": length})
        quoting = line.startswith("\0")
        offset += length
    return quotes


def parse_markdown(source: str) -> tuple[str, list[Json]]:
    return _Markdown(source).parse()


def _cant_parse(reason: str) -> Refused:
    return bad_request(f"can't parse entities: {reason}")
