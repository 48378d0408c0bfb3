"""Formatted stretches of a text, with places in code points."""

from collections.abc import Iterable, Iterator
from typing import NamedTuple

CODE = ("code", "pre")
QUOTE = "blockquote"


class Span(NamedTuple):
    """`kind` is the entity's type; places are code points of the text without its markup.

    `detail` is the language of a "pre" and the address of a "text_link".
    """

    kind: str
    start: int
    end: int
    detail: str = ""


def tidy(text: str, spans: Iterable[Span]) -> list[Span]:
    """Keeps Telegram's rules for entities, outer before inner: none blank, none inside its own kind, none on code."""
    spans = list(spans)
    code = sorted((span.start, span.end) for span in spans if span.kind in CODE)
    cut = [piece for span in spans for piece in ([span] if span.kind in (*CODE, QUOTE) else _around(span, code))]
    trimmed = [trim(text, span) for span in cut]
    kept: list[Span] = []
    reach: dict[str, int] = {}
    for span in sorted(trimmed, key=lambda span: (span.start, -span.end, span.kind != QUOTE)):
        if max(span.start, reach.get(span.kind, 0)) < span.end:
            reach[span.kind] = span.end
            kept.append(span)
    return kept


def trim(text: str, span: Span) -> Span:
    """Without white space at either end."""
    inside = text[span.start : span.end]
    start = span.start + len(inside) - len(inside.lstrip())
    return span._replace(start=start, end=max(start, span.start + len(inside.rstrip())))


def _around(span: Span, code: Iterable[tuple[int, int]]) -> Iterator[Span]:
    start = span.start
    for code_start, code_end in code:
        if start <= code_start < span.end:
            yield span._replace(start=start, end=code_start)
            start = code_end
    yield span._replace(start=start)
