# ruff: noqa: RUF001 - Russian text is Russian
"""The person's name and liking, found in their messages by English and Russian patterns."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

_WORD = r"([^\W\d_][\w'’-]{0,30})"
_NAME = re.compile(
    rf"(?:my name is|my name['’]s|call me|меня зовут|мо[её] имя|зови(?:те)? меня)\s+(?:это\s+|[—-]\s*)?{_WORD}"
    r"|\b(?:(?-i:I)['’]m|(?-i:I) am)\s+(?-i:([A-Z][a-z]{1,30}))\b",
    re.IGNORECASE,
)
_LIKING = re.compile(
    r"\bI ((?:really )?(?:like|love|adore|enjoy) [^.,!?;\n]{2,60})"
    r"|\bя (?:очень )?((?:люблю|обожаю) [^.,!?;\n]{2,60})"
    r"|\b(мне (?:очень )?нравится [^.,!?;\n]{2,60})",
    re.IGNORECASE,
)
_ASKS = re.compile(r"\b(?:what|which|do|who|how|помнишь|что|как|кто)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Memory:
    """`liking` quotes the person: "love pizza"."""

    name: str | None = None
    liking: str | None = None


def remember(texts: Iterable[str]) -> Memory:
    """The latest name and liking in the messages, which are oldest first."""
    name = liking = None
    for text in texts:
        named = _NAME.search(text)
        if named:
            word = named[1] or named[2]
            name = word[0].upper() + word[1:]
        liked = _LIKING.search(text)
        if liked and not (text.rstrip().endswith("?") and _ASKS.search(text)):
            liking = next(group for group in liked.groups() if group).strip()
    return Memory(name, liking)
