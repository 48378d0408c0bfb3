"""Splits a long answer into messages that Telegram takes, at the places where a reader would pause."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator
from itertools import accumulate
from typing import NamedTuple

from telegram import MessageEntity

from functions.llm_reply.formatting.markup import formatted
from functions.llm_reply.formatting.spans import Span, trim

# Telegram counts 4096 code points; to count UTF-16 units, as entities do, is never less strict.
MAX_UNITS = 4096
MAX_ENTITIES = 100
# A preview is one message, and markup takes up more in the source than in the text.
MAX_DRAFT_SOURCE = 2 * MAX_UNITS
# Paragraph, line, sentence, word.
PAUSES = (r"\n\s*\n", r"\n", r"(?<=[.!?…])[\"»”')\]]*\s+", r"\s+")
MAX_GRAPHEME = 32
JOINER = "\u200d"


class OutgoingMessage(NamedTuple):
    """One message. Entities count in UTF-16 units, as Telegram does."""

    text: str
    entities: tuple[MessageEntity, ...] = ()


def split(source: str) -> tuple[OutgoingMessage, ...]:
    """Deterministic, so that an interrupted delivery goes on after the number of parts that were sent."""
    return tuple(_parts(*formatted(source)))


def plain(text: str) -> tuple[OutgoingMessage, ...]:
    """Splits a text with a person's own words, without reading markup."""
    return tuple(_parts(text, []))


def draft(source: str) -> OutgoingMessage:
    """The part to show while more text comes in: the first one of a long text."""
    return next(_parts(*formatted(source[:MAX_DRAFT_SOURCE], growing=True)), OutgoingMessage(""))


def _parts(text: str, spans: list[Span]) -> Iterator[OutgoingMessage]:
    units = [0, *accumulate(2 if ord(character) > 0xFFFF else 1 for character in text)]  # noqa: PLR2004 - the BMP
    start, length = 0, len(text.rstrip())
    while True:
        start += len(text[start:length]) - len(text[start:length].lstrip())
        if start >= length:
            return
        end = _end(text, spans, units, start, length)
        yield _part(text, spans, units, start, start + len(text[start:end].rstrip()))
        start = end


def _part(text: str, spans: list[Span], units: list[int], start: int, end: int) -> OutgoingMessage:
    entities = []
    for span in spans:
        kind, first, last, detail = trim(text, span._replace(start=max(span.start, start), end=min(span.end, end)))
        if first < last:
            offset, length = units[first] - units[start], units[last] - units[first]
            url, language = (detail, None) if kind == "text_link" else (None, detail or None)
            entities.append(MessageEntity(kind, offset, length, url=url, language=language))
    return OutgoingMessage(text[start:end], tuple(entities))


def _end(text: str, spans: list[Span], units: list[int], start: int, length: int) -> int:
    """The end of the part that begins at `start`: the best kind of pause, as late as possible."""
    limit = min(bisect_right(units, units[start] + MAX_UNITS) - 1, length)
    begun = [span.start for span in spans if span.end > start and span.start < limit]
    if len(begun) > MAX_ENTITIES:
        limit = begun[MAX_ENTITIES]
    if limit == length:
        return length
    earliest = (start + limit) // 2
    pauses = [[found.end() for found in re.finditer(pause, text[start:limit])] for pause in PAUSES]
    late = [[start + end for end in ends if start + end > earliest] for ends in pauses]
    inside = _inside(spans, limit)
    outside = [[end for end in ends if not inside[end]] for ends in late]
    best = next((ends[-1] for ends in (*outside, *late) if ends), None)
    return best or _between_graphemes(text, start, limit)


def _inside(spans: list[Span], length: int) -> list[int]:
    """For each place in the text, how many spans it would cut in two."""
    changes = [0] * (length + 2)
    for span in spans:
        changes[min(span.start + 1, length + 1)] += 1
        changes[min(span.end, length + 1)] -= 1
    return list(accumulate(changes))


def _between_graphemes(text: str, start: int, limit: int) -> int:
    """The last place at or before `limit` that tears no accent, flag or joined emoji apart."""
    for end in range(limit, max(start, limit - MAX_GRAPHEME), -1):
        if not _joined(text, end):
            return end
    return limit


def _joined(text: str, end: int) -> bool:
    before, behind = text[end - 1], text[end]
    if JOINER in (before, behind) or unicodedata.category(behind).startswith("M"):
        return True
    if "\U0001f3fb" <= behind <= "\U0001f3ff" or "\U000e0020" <= behind <= "\U000e007f":
        return True
    # A flag is two regional letters. Count those before here: after an odd number, a cut would tear a flag.
    flags = re.search(r"[\U0001f1e6-\U0001f1ff]*\Z", text[:end])
    return "\U0001f1e6" <= behind <= "\U0001f1ff" and flags is not None and len(flags.group()) % 2 == 1
