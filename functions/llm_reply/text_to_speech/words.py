"""The part of an answer that is said aloud: without *actions*, markup, code, addresses and pictograms."""

import re
from dataclasses import dataclass

from functions.llm_reply.formatting.markup import formatted
from functions.llm_reply.formatting.spans import Span
from functions.llm_reply.llm.speech import to_sentence_end
from functions.llm_reply.text_to_speech.stress import is_stressed

# Code points: a little over a minute. A server takes half as long to say them, and a worker waits for it.
MAX_SPOKEN = 1000
# Code is not for the ear.
UNSPOKEN = ("code", "pre")
ADDRESS = re.compile(r"https?://\S+")
# Symbols, pictograms and what joins them; the signs with which lists, rules and dialogue begin.
SYMBOLS = re.compile("[\u2190-\u2bff\u3030\u303d\ufe0e\ufe0f\u200d\U0001f000-\U000e0fff]+")
LINE_START = re.compile(r"^[\s•—\u2013*_~#|>-]+", re.MULTILINE)
PUNCTUATION = (",", ";", ":", ".", "!", "?", "…")
# An action stood between them.
TWO_DASHES = re.compile("—[ ]+—")
WORD = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Words:
    """`is_whole`: False if the answer has more than can be said."""

    text: str
    is_whole: bool


def words_of(answer: str) -> Words:
    """Empty if nothing in it is spoken."""
    text, spans = formatted(answer)
    left, at = "", 0
    for start, end in sorted((span.start, span.end) for span in spans if _is_unspoken(text, span)):
        left, at = _joined(left, text[at : max(at, start)]), max(at, end)
    spoken = _smoothed(_joined(left, text[at:]))
    if not WORD.search(spoken):
        return Words("", is_whole=True)
    if len(spoken) <= MAX_SPOKEN:
        return Words(spoken, is_whole=True)
    return Words(to_sentence_end(spoken[:MAX_SPOKEN]), is_whole=False)


def _is_unspoken(text: str, span: Span) -> bool:
    return span.kind in UNSPOKEN or (span.kind == "italic" and not is_stressed(text, span.start, span.end))


def _joined(left: str, right: str) -> str:
    """Joins the text around an action. The action's brackets go, and one of two punctuation marks that now meet."""
    if left.endswith("(") and right.startswith(")"):
        return left[:-1] + right[1:]
    if right.startswith(PUNCTUATION):
        left = left.rstrip(" ")
        if not left or left.endswith((*PUNCTUATION, "\n")):
            right = right.lstrip("".join(PUNCTUATION))
    return left + right


def _smoothed(text: str) -> str:
    text = TWO_DASHES.sub("—", SYMBOLS.sub(" ", ADDRESS.sub(" ", text)))
    lines = [re.sub(r"\s+", " ", LINE_START.sub("", line)).strip() for line in text.split("\n")]
    return "\n".join(line for line in lines if WORD.search(line))
