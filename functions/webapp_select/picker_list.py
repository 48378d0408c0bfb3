"""The characters as the picker lists them."""

import hashlib
import json
from typing import Any, NamedTuple

from troupe.characters.character import Character
from troupe.clock import monotonic_s
from troupe.users import User

# The list changes with a deployment. Reading the table for every visitor would be most of the picker's cost.
KEPT_S = 60
# The greatest number of characters under "Recent".
MAX_RECENT = 8


class Answer(NamedTuple):
    """The list in one language as JSON, and its ETag: CloudFront and browsers ask again with it and get no body."""

    body: str
    tag: str


class _Kept(NamedTuple):
    since: float
    characters: dict[str, Character]
    answers: dict[str, Answer]


_kept: _Kept | None = None


def answer(language: str) -> Answer:
    kept = _fresh()
    if language not in kept.answers:
        shown = [as_shown(character, language) for character in kept.characters.values()]
        body = json.dumps({"characters": shown}, ensure_ascii=False, separators=(",", ":"))
        kept.answers[language] = Answer(body, f'W/"{hashlib.sha256(body.encode()).hexdigest()[:32]}"')
    return kept.answers[language]


def recent(user: User, language: str) -> list[dict[str, Any]]:
    """The characters of the last conversations they switched to, newest first, without those that are gone."""
    ids = list(dict.fromkeys(str(switch[1]) for switch in reversed(user.past_switches())))[:MAX_RECENT]
    found = [_fresh().characters.get(each) or Character.shown_of(each) for each in ids]
    person = int(user.user_id)
    return [as_shown(each, language) for each in found if each and each.access.may_return(person)]


def as_shown(character: Character, language: str) -> dict[str, Any]:
    words = character.words(language)
    names = {locale["name"] for locale in character.locales.values()} - {words["name"]}
    return {
        "id": character.character_id,
        "name": words["name"],
        "tagline": words["tagline"],
        "avatar_url": character.avatar,
        "tags": words.get("tags", character.tags),
    } | ({"also": sorted(names)} if names else {})


def _fresh() -> _Kept:
    """By id, in the picker's order, without their cards."""
    global _kept  # noqa: PLW0603 - the process keeps one list
    if _kept is None or monotonic_s() - _kept.since >= KEPT_S:
        listed = Character.listed()
        _kept = _Kept(monotonic_s(), {str(each.character_id): each for each in listed}, {})
    return _kept
