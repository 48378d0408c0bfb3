"""The characters that people bring and make: each belongs to one person, who edits, shares and deletes it.

A person's list is one item beside the characters, read consistently: a character is in its owner's list as soon as it
is made. Making one begins with its place in the list and ends with the character, and deleting one goes the other way,
so that a repeat finishes what a dead process began.
"""

import json
from collections.abc import Mapping
from typing import Any

from pynamodb.exceptions import PutError

from troupe.characters import portrait
from troupe.characters.access import PENDING, PRIVATE
from troupe.characters.character import CHARACTER_ID, Character
from troupe.characters.ids import new_id
from troupe.characters.owners_list import Listed, OwnersList, TooManyCharactersError
from troupe.characters.packed_card import delete_parts, pack, store_parts
from troupe.characters.presentation import Shown, shown
from troupe.clock import now_ms
from troupe.tables import condition_failed

__all__ = [
    "TooManyCharactersError",
    "UnknownCharacterError",
    "create",
    "delete",
    "listed_of",
    "owned_card",
    "portrait_of",
    "theirs",
    "update",
]


class UnknownCharacterError(LookupError):
    """There is no such character, or it is another person's: the answer does not tell which."""


def create(
    owner: int, card: Mapping[str, Any], *, picture: bytes | None = None, source: str, checked: bool = False
) -> str:
    """Returns the character's id. It is private; until `release` nobody can choose it, unless it is checked already.

    :param card: a chara_card_v3 object within the reader's limits
    :param source: names the file or the request that it comes from: the same source makes one character
    :raises TooManyCharactersError: the owner has MAX_CHARACTERS
    :raises PortraitError: see `portrait.store`
    """
    listed = OwnersList.of(owner).find_source(source)
    if listed and Character.find(listed.character_id):
        return listed.character_id
    shows, visibility = shown(card), PRIVATE if checked else PENDING
    name = portrait.store(picture) if picture else None
    character_id = listed.character_id if listed else new_id()
    place = Listed(character_id, source, now_ms(), **_as_listed(shows, name, visibility))
    OwnersList.add(owner, place)
    character = Character(character_id, owner=str(owner), visibility=visibility)
    _show(character, shows, name)
    _save(character, card)
    return character_id


def update(
    owner: int, character_id: str, changes: Mapping[str, Any], *, picture: bytes | None = None, checked: bool = False
) -> None:
    """Replaces these fields of the card's `data`, and keeps every other field as it is.

    :raises UnknownCharacterError: it is not theirs
    :raises PortraitError: see `portrait.store`
    """
    character, card = owned_card(owner, character_id)
    data = {**card["data"], **changes, "modification_date": now_ms() // 1000}
    before = portrait_of(character)
    name = portrait.store(picture) if picture else before
    shows = shown({**card, "data": data})
    if not checked:
        character.visibility = PENDING
    old_revision, old_parts = str(character.revision), int(character.further_parts or 0)
    _show(character, shows, name)
    _save(character, {**card, "data": data})
    OwnersList.change(owner, character_id, **_as_listed(shows, name, str(character.visibility)))
    delete_parts(character_id, old_revision, old_parts)
    if before and before != name:
        portrait.delete(before)


def delete(owner: int, character_id: str) -> bool:
    """The character, its card and its portrait. False if there is nothing of theirs under that id."""
    place = OwnersList.of(owner).find_place(character_id)
    if place is None:
        return False
    character = Character.find(character_id)
    if character is not None:
        character.delete()
        delete_parts(character_id, str(character.revision), int(character.further_parts or 0))
    if place.portrait:
        portrait.delete(place.portrait)
    OwnersList.remove(owner, character_id)
    return True


def listed_of(owner: int) -> list[Listed]:
    """The newest first, also those that wait for their check."""
    return sorted(OwnersList.of(owner).listed(), key=lambda each: -each.made_at)


def owned_card(owner: int, character_id: str) -> tuple[Character, dict[str, Any]]:
    """The character and its card, for editing and exporting.

    :raises UnknownCharacterError: it is not theirs
    """
    theirs(owner, character_id)
    found = Character.with_card(character_id)
    if found is None:
        raise UnknownCharacterError(character_id)
    return found[0], json.loads(found[1])


def portrait_of(character: Character) -> str | None:
    """The portrait's name; None without one."""
    avatar = str(character.avatar or "")
    return avatar.removeprefix(portrait.ADDRESS) if avatar.startswith(portrait.ADDRESS) else None


def _as_listed(shows: Shown, name: str | None, visibility: str) -> dict[str, Any]:
    return {
        "name": shows.name, "tagline": shows.tagline, "tags": shows.tags, "portrait": name, "visibility": visibility,
    }  # fmt: skip


def theirs(owner: int, character_id: str) -> Character:
    """:raises UnknownCharacterError: it is not theirs"""
    character = Character.find(character_id) if CHARACTER_ID.fullmatch(character_id) else None
    if character is None or not character.access.is_owner(owner):
        raise UnknownCharacterError(character_id)
    return character


def _show(character: Character, shows: Shown, portrait_name: str | None) -> None:
    """Stored under English: a card in one language is shown in it to everybody."""
    character.avatar = portrait.address(portrait_name)
    character.tags = list(shows.tags)
    character.locales = {"en": {"name": shows.name, "tagline": shows.tagline, "tags": list(shows.tags)}}


def _save(character: Character, card: Mapping[str, Any]) -> None:
    """:raises UnknownCharacterError: another write changed or deleted it in between"""
    first, *rest = pack(card)
    before, revision = character.revision, new_id()
    store_parts(character.character_id, revision, rest)
    character.packed_card, character.revision, character.further_parts = first, revision, len(rest)
    unchanged = Character.revision == before if before else Character.character_id.does_not_exist()
    try:
        character.save(condition=unchanged)
    except PutError as error:
        if not condition_failed(error):
            raise
        delete_parts(character.character_id, revision, len(rest))
        raise UnknownCharacterError(character.character_id) from error
