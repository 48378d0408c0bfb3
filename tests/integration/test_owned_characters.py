"""The characters that people bring and make: one owner, one list, and nothing left behind."""

import random
from typing import Any

import pytest

from local.stack import Stack
from tests.integration.guest import Guest
from troupe.characters import owned, portrait, sharing
from troupe.characters.access import PENDING, PRIVATE, UNLISTED, parse_share_payload, share_payload
from troupe.characters.character import CHARACTER_ID, Character
from troupe.characters.owners_list import MAX_CHARACTERS, OwnersList, TooManyCharactersError
from troupe.characters.packed_card import MAX_FIRST

PICTURE = b"\xff\xd8\xff a small portrait"


def card(name: str = "Odo", **data: Any) -> dict[str, Any]:
    return {
        "spec": "chara_card_v3",
        "spec_version": "3.0",
        "x-tool": {"kept": True},
        "data": {"name": name, "creator_notes": "Keeps a lamp.\n\nMore.", "tags": ["sea"], "first_mes": "Hm?", **data},
    }


def rows(stack: Stack, *words: str) -> list[str]:
    """The keys of the table's items that contain one of the words."""
    found = stack.aws.dynamodb.scan(TableName=stack.names["CharactersTable"], ProjectionExpression="character_id")
    keys = [str(item["character_id"]["S"]) for item in found["Items"]]
    return [key for key in keys if any(word in key for word in words)]


def incompressible(size: int) -> str:
    return random.Random(1).randbytes(size // 2).hex()  # noqa: S311 - no secret


def test_a_new_character_is_its_owners_after_its_check(guest: Guest, visitor: Guest) -> None:
    made = owned.create(guest.id, card(), picture=PICTURE, source="file 1")

    (listed,) = owned.listed_of(guest.id)
    assert (listed.character_id, listed.name, listed.tagline, listed.tags) == (made, "Odo", "Keeps a lamp.", ("sea",))
    assert listed.visibility == PENDING
    assert not Character.may_choose(guest.id, made)
    assert sharing.release(Character.get(made))
    assert owned.listed_of(guest.id)[0].visibility == PRIVATE
    assert Character.may_choose(guest.id, made)
    assert not Character.may_choose(visitor.id, made)
    assert owned.listed_of(visitor.id) == []


def test_an_id_is_unguessable_and_fits_a_deep_link(guest: Guest) -> None:
    made = [owned.create(guest.id, card(), source=str(number)) for number in range(3)]
    assert len({*made}) == 3
    for each in made:
        assert CHARACTER_ID.fullmatch(each)
        assert len(each) == 26


def test_the_same_source_makes_one_character(guest: Guest) -> None:
    assert owned.create(guest.id, card(), source="file") == owned.create(guest.id, card(), source="file")
    assert len(owned.listed_of(guest.id)) == 1


def test_a_repeat_finishes_a_character_whose_maker_died(guest: Guest) -> None:
    made = owned.create(guest.id, card(), source="file")
    Character(made).delete()
    assert owned.create(guest.id, card(), source="file") == made
    assert Character.find(made) is not None


def test_a_person_has_at_most_twenty_characters(guest: Guest) -> None:
    for number in range(MAX_CHARACTERS):
        owned.create(guest.id, card(), source=str(number))
    with pytest.raises(TooManyCharactersError):
        owned.create(guest.id, card(), source="one more")
    assert owned.delete(guest.id, owned.listed_of(guest.id)[0].character_id)
    owned.create(guest.id, card(), source="one more")


def test_editing_replaces_fields_and_keeps_all_others(guest: Guest) -> None:
    made = owned.create(guest.id, card(odd={"a": [1]}), picture=PICTURE, source="file", checked=True)
    owned.update(guest.id, made, {"name": "Odo Lampwright", "first_mes": "Well?"}, checked=True)

    character, edited = owned.owned_card(guest.id, made)
    assert edited["data"].pop("modification_date") > 0
    assert edited == card("Odo Lampwright", odd={"a": [1]}, first_mes="Well?")
    assert owned.listed_of(guest.id)[0].name == "Odo Lampwright"
    name = owned.portrait_of(character)
    assert name
    found = portrait.find(name)
    assert found
    assert (found.picture, found.media_type) == (PICTURE, "image/jpeg")


def test_an_edited_character_waits_for_its_check_again(guest: Guest) -> None:
    made = owned.create(guest.id, card(), source="file", checked=True)
    before = Character.get(made)
    owned.update(guest.id, made, {"name": "Otto"})
    assert not Character.may_choose(guest.id, made)
    assert not sharing.release(before), "another card passed the check"
    assert sharing.release(Character.get(made))


@pytest.mark.parametrize("size", [10, MAX_FIRST * 3])
def test_a_large_card_is_stored_whole_and_deleted_whole(guest: Guest, stack: Stack, size: int) -> None:
    large = card(description=incompressible(size))
    made = owned.create(guest.id, large, picture=PICTURE, source="file", checked=True)
    character, stored = owned.owned_card(guest.id, made)
    assert stored == large
    owned.update(guest.id, made, {"name": "Shorter", "description": ""}, picture=PICTURE + b"2", checked=True)
    assert rows(stack, f"part:{made}") == []

    owned.update(guest.id, made, {"description": incompressible(size)}, checked=True)
    name = owned.portrait_of(Character.get(made))
    assert name
    assert owned.delete(guest.id, made)
    assert rows(stack, made, name, owned.portrait_of(character) or "") == []
    assert owned.listed_of(guest.id) == []
    assert not owned.delete(guest.id, made)


def test_another_persons_character_looks_like_an_unknown_one(guest: Guest, visitor: Guest) -> None:
    made = owned.create(guest.id, card(), source="file", checked=True)
    assert not owned.delete(visitor.id, made)
    for act in (owned.owned_card, sharing.share, sharing.stop_sharing):
        for name in (made, "no-such", "mario", "owner:1", "", f"part:{made}"):
            with pytest.raises(owned.UnknownCharacterError):
                act(visitor.id, name)
    with pytest.raises(owned.UnknownCharacterError):
        owned.update(visitor.id, made, {"name": "Stolen"})


def test_a_shared_character_is_open_to_those_who_have_the_link(guest: Guest, visitor: Guest) -> None:
    made = owned.create(guest.id, card(), source="file", checked=True)
    token = sharing.share(guest.id, made)
    assert sharing.share(guest.id, made) == token
    assert parse_share_payload(share_payload(made, token)) == (made, token)
    assert len(share_payload(made, token)) <= 64

    assert Character.may_choose(visitor.id, made, token)
    assert not Character.may_choose(visitor.id, made)
    assert not Character.may_choose(visitor.id, made, made)
    access = Character.get(made).access
    assert (access.visibility, access.may_go_on(visitor.id)) == (UNLISTED, True)

    sharing.stop_sharing(guest.id, made)
    assert not Character.may_choose(visitor.id, made, token)
    assert not Character.get(made).access.may_go_on(visitor.id)
    assert Character.may_choose(guest.id, made)
    assert sharing.share(guest.id, made) != token


def test_an_edit_of_a_shared_character_keeps_its_link(guest: Guest, visitor: Guest) -> None:
    made = owned.create(guest.id, card(), source="file", checked=True)
    token = sharing.share(guest.id, made)
    owned.update(guest.id, made, {"name": "Otto"})
    assert not Character.may_choose(visitor.id, made, token)
    sharing.release(Character.get(made))
    assert Character.may_choose(visitor.id, made, token)


@pytest.mark.parametrize("picture", [b"", b"<svg/>", b"GIF89a", b"\xff\xd8\xff" + bytes(portrait.MAX_PORTRAIT_BYTES)])
def test_a_portrait_is_a_small_picture(picture: bytes) -> None:
    with pytest.raises(portrait.PortraitError):
        portrait.store(picture)


def test_lists_that_are_written_at_the_same_moment_lose_nothing(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    owned.create(guest.id, card(), source="1")
    stale = OwnersList.of(guest.id)
    owned.create(guest.id, card(), source="2")
    reads = iter([stale])
    read = OwnersList.of
    monkeypatch.setattr(OwnersList, "of", lambda owner: next(reads, None) or read(owner))
    OwnersList.remove(guest.id, "none of them")
    assert len(owned.listed_of(guest.id)) == 2
