"""A brought card in lists and on buttons: a short name, a line about the character, and a few tags."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from troupe.characters.leniency import record, text, texts

# The limits that the cast's cards keep to.
MAX_NAME = 64
MAX_TAGLINE = 70
MAX_TAG = 40
MAX_TAGS = 12
# Characters of the creator's notes that are shown: a paragraph.
MAX_NOTES_READ = 20_000
# Combining marks on one letter: some languages stack two or three, and "zalgo" text dozens.
MAX_MARKS = 3

_SPACES = re.compile(r"\s+")
_PARAGRAPH_END = re.compile(r"\n[^\S\n]*\n|</p>", re.IGNORECASE)
_MARKUP = re.compile(r"<[^<>]{0,2000}>|!?\[([^\[\]]{0,500})\]\([^()]{0,2000}\)")


@dataclass(frozen=True)
class Shown:
    name: str
    tagline: str
    tags: tuple[str, ...]


def shown(card: Mapping[str, Any]) -> Shown:
    data = record(card.get("data"))
    tags = (shortened(clean_line(tag), MAX_TAG) for tag in texts(data.get("tags")))
    return Shown(
        name=shortened(clean_line(text(data.get("name"))), MAX_NAME),
        tagline=shortened(first_paragraph(text(data.get("creator_notes"))), MAX_TAGLINE),
        tags=tuple([tag for tag in dict.fromkeys(tags) if tag][:MAX_TAGS]),
    )


def clean_line(text_: str) -> str:
    """One line without control signs, signs that turn text round, and piles of combining marks."""
    kept: list[str] = []
    marks = 0
    for sign in unicodedata.normalize("NFC", text_):
        kind = unicodedata.category(sign)
        marks = marks + 1 if kind in {"Mn", "Me"} else 0
        if sign.isspace() or kind in {"Zl", "Zp"}:
            kept.append(" ")
        elif marks <= MAX_MARKS and not _invisible(sign, kind):
            kept.append(sign)
    return _SPACES.sub(" ", "".join(kept)).strip()


def first_paragraph(notes: str) -> str:
    """The creator's notes as plain text: character sites write them in HTML or Markdown."""
    paragraphs = _PARAGRAPH_END.split(notes[:MAX_NOTES_READ])
    plain = (clean_line(_MARKUP.sub(r"\1", paragraph).replace("**", "")) for paragraph in paragraphs)
    return next(filter(None, plain), "")


def shortened(text_: str, most: int) -> str:
    return text_ if len(text_) <= most else text_[: most - 1].rstrip() + "…"


def _invisible(sign: str, kind: str) -> bool:
    """Control and format signs, except the joiner that emoji and some scripts need."""
    return kind in {"Cc", "Cf", "Cs", "Co"} and sign != "\u200d"
