"""The model's answer, before it is written in a wire format."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from local.llm.usage import tokens_in


@dataclass(frozen=True)
class Answer:
    deltas: tuple[str, ...]
    finish: str  # "stop", "max_output_tokens" or "content_filter"
    is_refusal: bool = False

    @property
    def text(self) -> str:
        return "".join(self.deltas)


def worded(text: str, limit: int | None, finish: str = "stop") -> Answer:
    """Splits the text into words, and cuts it at `limit` tokens."""
    deltas = tuple(re.findall(r"\s*\S+\s*?(?=\s|$)", text)) if text.strip() else ()
    kept = tuple(_within(deltas, limit)) if limit is not None else deltas
    return Answer(kept, finish if kept == deltas else "max_output_tokens")


def refused(text: str) -> Answer:
    return Answer(worded(text, None).deltas, "stop", is_refusal=True)


def _within(deltas: Iterable[str], limit: int) -> Iterable[str]:
    left = limit
    for delta in deltas:
        left -= tokens_in(delta)
        if left < 0:
            return
        yield delta
