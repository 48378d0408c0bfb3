"""The characters as the picker lists them."""

from typing import Any

from troupe.characters.character import Character
from troupe.clock import monotonic_s

# The list changes with a deployment. Reading the table for every visitor would be most of the picker's cost.
KEPT_S = 60
_kept: tuple[float, list[Character]] | None = None


def listed_characters() -> list[Character]:
    """In the picker's order, without their cards."""
    global _kept  # noqa: PLW0603 - the process keeps one list
    if _kept is None or monotonic_s() - _kept[0] >= KEPT_S:
        _kept = (monotonic_s(), Character.listed())
    return _kept[1]


def as_shown(character: Character, language: str) -> dict[str, Any]:
    words = character.words(language)
    return {
        "id": character.character_id,
        "name": words["name"],
        "tagline": words["tagline"],
        "avatar_url": character.avatar,
        "tags": words.get("tags", character.tags),
    }
