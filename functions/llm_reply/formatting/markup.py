"""The model's Markdown to text and spans: code blocks, quotes, headings and lists; `inline` reads the lines.

A line that begins with a dash stays as it is: in a story it is dialogue, and as a list it reads as well.
"""

import re
from collections.abc import Iterator
from itertools import groupby

from functions.llm_reply.formatting.inline import inline
from functions.llm_reply.formatting.spans import QUOTE, Span, tidy

FENCE = re.compile(r"(?P<before>.*\s|)(?P<fence>```+)(?P<language>[\w+#.-]{0,20})\s*")
# A quote, and not >:( or >_<
QUOTED = re.compile(r"[ \t]*(?:>(?![:;_<.=-])[ \t]?)+")
HEADING = re.compile(r"[ \t]*#{1,6}[ \t]+(?P<title>\S.{0,500}?)[ \t#]{0,500}")
RULE = re.compile(r"[ \t]*([-*_])(?:[ \t]*\1){2,}[ \t]*")
SPACED_ACTION = re.compile(r"[ \t]*\*[ \t]+(?P<action>[^*]*[^*\s])[ \t]+\*[ \t]*")
BULLET = re.compile(r"\A(?P<indent>[ \t]*)[*+][ \t]+(?=\S)")

# An end of a growing text that may turn out to be markup.
STUB = re.compile(r"(?:</?[a-z]*|&[a-z]*|[*_~|`\\]+)\s*\Z", re.IGNORECASE)

# No answer has as many spans. A message takes a hundred entities, and is cut before the next one.
MAX_SPANS = 400

Block = tuple[str, list[Span]]


def formatted(source: str, *, growing: bool = False) -> Block:
    """Text as Telegram shows it, and its spans, outer before inner. Never blank, unless the source is.

    :param growing: more text will come: open markup is taken for closed at the end
    """
    source = source.replace("\r\n", "\n").replace("\r", "\n").strip()
    if growing:
        source = STUB.sub("", source).rstrip()
    text = ""
    spans: list[Span] = []
    for block, found in _blocks(source.split("\n"), growing=growing):
        text += "\n" if text or spans else ""
        spans += [Span(kind, len(text) + start, len(text) + end, detail) for kind, start, end, detail in found]
        text += block
    if not text.strip():
        return source, []
    return text, tidy(text, spans[:MAX_SPANS])


def _blocks(lines: list[str], *, growing: bool) -> Iterator[Block]:
    prose: list[str] = []
    while lines:
        line = lines.pop(0)
        fence = FENCE.fullmatch(line)
        # After an odd number of fences, this one closes the code.
        if not fence or fence["before"].count(fence["fence"]) % 2:
            prose.append(line)
            continue
        prose += [fence["before"]] if fence["before"].strip() else []
        yield from _prose(prose, growing=False)
        prose = []
        yield _code_block(lines, fence["fence"], fence["language"])
    yield from _prose(prose, growing=growing)


def _code_block(lines: list[str], fence: str, language: str) -> Block:
    """Takes the block off the lines; one that is never closed goes to the end."""
    code = []
    while lines:
        line = lines.pop(0).rstrip()
        if line.lstrip().startswith(fence):
            rest = line.lstrip().lstrip(fence[0]).lstrip()
            lines[:0] = [rest] if rest else []
            break
        if line.endswith(fence):
            code.append(line.removesuffix(fence))
            break
        code.append(line)
    text = "\n".join(code)
    return text, [Span("pre", 0, len(text), language)]


def _prose(lines: list[str], *, growing: bool) -> Iterator[Block]:
    runs = [(kind, list(run)) for kind, run in groupby(lines, _kind)]
    for number, (kind, run) in enumerate(runs, 1):
        text, spans = inline("\n".join(map(_line, run)), growing=growing and number == len(runs))
        yield text, [Span(kind, 0, len(text)), *spans] if kind else spans


def _kind(line: str) -> str:
    """The kind of block that the line belongs to, or empty."""
    if QUOTED.match(line):
        return QUOTE
    return "bold" if HEADING.fullmatch(line) else ""


def _line(line: str) -> str:
    if quoted := QUOTED.match(line):
        return line[quoted.end() :]
    if RULE.fullmatch(line):
        return "———"
    if heading := HEADING.fullmatch(line):
        return heading["title"]
    if action := SPACED_ACTION.fullmatch(line):
        return f"*{action['action']}*"
    return BULLET.sub(r"\g<indent>• ", line)
