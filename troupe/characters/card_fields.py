"""The fields of a chara_card_v3, each with the function that gives its value the standard's type."""

from collections.abc import Callable
from typing import Any

from troupe.characters.book import normalised
from troupe.characters.card_limits import MAX_PICTURE_STYLE
from troupe.characters.leniency import record, seconds, text, texts
from troupe.characters.presentation import clean_line
from troupe.characters.voices import voice_name

# Telegram refuses some control signs, and terminals obey others. Tabs and line ends stay.
_CONTROLS = dict.fromkeys({*range(0x20), *range(0x7F, 0xA0)} - {0x09, 0x0A})


def _clean(value: object) -> str:
    return text(value).replace("\r\n", "\n").translate(_CONTROLS)


def _greeting(value: object) -> str:
    greeting = _clean(value)
    return greeting if greeting.strip() else ""


def cleaned(value: Any) -> Any:
    """The value without control signs, at any depth."""
    if isinstance(value, str):
        return _clean(value)
    if isinstance(value, list):
        return [cleaned(each) for each in value]
    return {_clean(name): cleaned(each) for name, each in value.items()} if isinstance(value, dict) else value


def _line(value: object) -> str:
    return clean_line(text(value))


def _texts(value: object) -> list[str]:
    return [_clean(each) for each in texts(value)]


def _greetings(value: object) -> list[str]:
    return [greeting for greeting in _texts(value) if greeting.strip()]


def _tags(value: object) -> list[str]:
    listed = value.split(",") if isinstance(value, str) else texts(value)
    return [tag for each in listed if (tag := _line(each))]


def _assets(value: object) -> list[dict[str, Any]] | None:
    if value is None:
        return None
    return [cleaned(each) for each in value if isinstance(each, dict)] if isinstance(value, list) else []


def _notes_by_language(value: object) -> dict[str, str] | None:
    notes = {_clean(language): _clean(notes) for language, notes in record(value).items() if isinstance(notes, str)}
    return notes or None


def _book(value: object) -> dict[str, Any] | None:
    return normalised(cleaned(value)) or None


def _extensions(value: object) -> dict[str, Any]:
    """The parts of Troupe's extension that a person's card may have. Others would give it a place in the picker."""
    found = record(value)
    troupe = record(found.get("troupe"))
    own = {name: kept for name, kind in _OWN.items() if (kept := kind(troupe.get(name)))}
    others = {name: cleaned(each) for name, each in found.items() if name != "troupe"}
    return others | ({"troupe": own} if own else {})


# The parts of Troupe's extension that people's cards may have.
_OWN: dict[str, Callable[[object], Any]] = {
    "picture_style": lambda value: _line(value)[:MAX_PICTURE_STYLE],
    "voice": voice_name,
}


def _date(value: object) -> int | float | None:
    return seconds(value) or None


FIELDS: dict[str, Callable[[object], Any]] = {
    "name": _line,
    "nickname": _line,
    "description": _clean,
    "personality": _clean,
    "scenario": _clean,
    "first_mes": _greeting,
    "mes_example": _clean,
    "system_prompt": _clean,
    "post_history_instructions": _clean,
    "alternate_greetings": _greetings,
    "group_only_greetings": _texts,
    "character_book": _book,
    "creator": _line,
    "character_version": _line,
    "creator_notes": _clean,
    "creator_notes_multilingual": _notes_by_language,
    "tags": _tags,
    "assets": _assets,
    "source": _texts,
    "creation_date": _date,
    "modification_date": _date,
    "extensions": _extensions,
}
# The standard asks for these in every card.
REQUIRED = {*FIELDS} - {
    "nickname", "character_book", "creator_notes_multilingual", "assets", "source", "creation_date",
    "modification_date",
}  # fmt: skip
