"""The cast as the picker shows it."""

import time
from typing import Any

from troupe.characters.character import Character

# A card changes with a deployment. Reading the table for every visitor would be most of what the picker costs.
KEPT_SECONDS = 60
_kept: tuple[float, list[Character]] | None = None


def public_characters() -> list[Character]:
    """In the order of the picker, without their cards."""
    global _kept  # noqa: PLW0603 - one list per process is what a cache is
    now = time.monotonic()
    if _kept is None or now - _kept[0] > KEPT_SECONDS:
        shown = ["character_id", "position", "avatar", "tags", "locales"]
        found = Character.scan(Character.visibility == "public", attributes_to_get=shown)
        _kept = (now, sorted(found, key=lambda character: (character.position, character.character_id)))
    return _kept[1]


def as_shown(character: Character, language: str) -> dict[str, Any]:
    words = character.locales[language]
    return {
        "id": character.character_id,
        "name": words["name"],
        "tagline": words["tagline"],
        "avatar_url": character.avatar,
        "tags": words.get("tags", character.tags),
    }
