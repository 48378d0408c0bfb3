"""The fields of the character form: what each may hold. A reader's ValueError says why a value can't be stored."""

from collections.abc import Callable
from typing import Any

from troupe.characters.card_limits import MAX_BOOK_ENTRIES, MAX_GREETING, MAX_GREETINGS, MAX_PICTURE_STYLE
from troupe.characters.leniency import record
from troupe.characters.presentation import MAX_NAME, MAX_TAG, MAX_TAGLINE, MAX_TAGS, clean_line
from troupe.characters.voices import voice_name
from troupe.unicode import is_blank, without_lone_surrogates

MAX_TEXT = 20_000
MAX_KEYS = 40
MAX_KEY = 100

# The greatest length of each text.
TEXTS = {
    "name": MAX_NAME,
    "tagline": MAX_TAGLINE,
    "description": MAX_TEXT,
    "personality": MAX_TEXT,
    "first_mes": MAX_GREETING,
    "mes_example": MAX_TEXT,
    "picture_style": MAX_PICTURE_STYLE,
}
REQUIRED = ("name", "description", "first_mes")


def _text(name: str, value: Any, most: int | None = None) -> str:
    """:raises ValueError: why"""
    if not isinstance(value, str):
        raise ValueError("malformed")  # noqa: TRY004 - all reasons are told in one way
    written = without_lone_surrogates(value)
    written = (
        clean_line(written)
        if name in {"name", "tagline", "tags", "picture_style"}
        else written.replace("\r\n", "\n").strip()
    )
    if name in REQUIRED and is_blank(written):
        raise ValueError("missing")
    if len(written) > (most or TEXTS[name]):
        raise ValueError("too_long")
    return written


def _list(value: Any, most: int) -> list[Any]:
    """:raises ValueError: why"""
    if not isinstance(value, list):
        raise ValueError("malformed")  # noqa: TRY004 - as above
    if len(value) > most:
        raise ValueError("too_many")
    return value


def _greetings(name: str, value: Any) -> list[str]:
    found = [_text(name, each, MAX_GREETING) for each in _list(value, MAX_GREETINGS - 1)]
    return [each for each in found if each]


def _tags(name: str, value: Any) -> list[str]:
    found = [_text(name, each, MAX_TAG) for each in _list(value, MAX_TAGS)]
    return [each for each in dict.fromkeys(found) if each]


def _voice(_name: str, value: Any) -> str:
    """Empty for the voice of characters that have none.

    :raises ValueError: why
    """
    if value != "" and not voice_name(value):
        raise ValueError("malformed")
    return str(value)


def _entries(name: str, value: Any) -> list[dict[str, Any]]:
    """Entries without words are left out."""
    found = []
    for entry in map(record, _list(value, MAX_BOOK_ENTRIES)):
        content = _text(name, entry.get("content"), MAX_TEXT)
        keys = [_text(name, key, MAX_KEY) for key in _list(entry.get("keys"), MAX_KEYS)]
        place = entry.get("id")
        if content:
            found.append({"id": place if isinstance(place, int) else None, "keys": keys, "content": content})
    return found


READERS: dict[str, Callable[[str, Any], Any]] = {
    **dict.fromkeys(TEXTS, _text),
    "alternate_greetings": _greetings,
    "tags": _tags,
    "voice": _voice,
    "book": _entries,
}
