"""A character's page in the Mini App: the facts in the list, its greetings, and its author's notes."""

import json
from typing import Any

from functions.webapp_select.picker_list import as_shown
from troupe.characters.access import BUILT_IN
from troupe.characters.character import Character
from troupe.characters.leniency import record, text, texts


def page_of(character: Character, card: str, language: str) -> dict[str, Any]:
    data = json.loads(card)["data"]
    shown = as_shown(character, language)
    ships = character.owner == BUILT_IN
    notes = _notes(data, language)
    return {
        **shown,
        "greetings": _greetings(data, language),
        # Cards that ship, and those made here, repeat their tagline there, for other programs to show.
        "notes": "" if ships or notes.strip() == shown["tagline"] else notes,
        "creator": "" if ships else text(data.get("creator")),
    }


def _greetings(data: dict[str, Any], language: str) -> list[str]:
    locales = record(record(record(data.get("extensions")).get("troupe")).get("locales"))
    locale = record(locales.get(language))
    first, others = (
        (locale.get("greeting"), locale.get("alternate_greetings"))
        if locale
        else (data.get("first_mes"), data.get("alternate_greetings"))
    )
    return [greeting for greeting in (text(first), *texts(others)) if greeting.strip()]


def _notes(data: dict[str, Any], language: str) -> str:
    """The greetings in that language, or the card's own."""
    in_language = text(record(data.get("creator_notes_multilingual")).get(language))
    return in_language or text(data.get("creator_notes"))
