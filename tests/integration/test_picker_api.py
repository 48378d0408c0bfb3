"""The API of the Mini App: the list, a character's page, and the characters chosen lately."""

import json

import pytest

from functions.webapp_select import picker_list
from tests.integration.guest import Guest
from troupe import choices
from troupe.characters import owned, sharing
from troupe.characters.character import Character
from troupe.users import Person

pytestmark = pytest.mark.asyncio(loop_scope="session")

CARD = {
    "spec": "chara_card_v3",
    "spec_version": "3.0",
    "data": {
        "name": "Grete",
        "description": "A watchmaker.",
        "first_mes": "*looks up* Yes, {{user}}?",
        "alternate_greetings": ["Quiet! It ticks."],
        "creator": "Anna",
        "creator_notes": "Repairs what can't be repaired.\n\nKnows trains.",
        "creator_notes_multilingual": {"ru": "Чинит то, что не чинится."},
        "tags": ["craft"],
    },
}


async def page_of(guest: Guest, character_id: str, **more: str) -> tuple[int, dict[str, object]]:
    return await guest.api("character", init_data=guest.user.init_data(), character_id=character_id, **more)


async def test_a_page_tells_the_greetings_in_the_readers_language(guest: Guest) -> None:
    status, page = await page_of(guest, "mario", language="ru")

    locale = json.loads(str(Character.get("mario").card))["data"]["extensions"]["troupe"]["locales"]["ru"]
    assert status == 200
    assert page["name"] == "Марио"
    assert page["greetings"] == [locale["greeting"], *locale["alternate_greetings"]]
    assert (page["notes"], page["creator"]) == ("", "")


async def test_the_page_of_a_persons_own_character_is_its_owners_alone(guest: Guest, visitor: Guest) -> None:
    grete = owned.create(guest.id, CARD, source="test", checked=True)

    _, english = await page_of(guest, grete)
    _, russian = await page_of(guest, grete, language="ru")

    assert english["greetings"] == ["*looks up* Yes, {{user}}?", "Quiet! It ticks."]
    assert english["notes"] == CARD["data"]["creator_notes"]  # type: ignore[index]  # a card as JSON has it
    assert (russian["notes"], russian["creator"]) == ("Чинит то, что не чинится.", "Anna")
    assert (await page_of(visitor, grete))[0] == 404
    assert (await page_of(visitor, "no such character"))[0] == 404


async def test_characters_chosen_lately_come_newest_first_and_once(guest: Guest) -> None:
    for character_id in ("mario", "nemo", "mario"):
        await guest.chooses(character_id)

    _, me = await guest.api("me", init_data=guest.user.init_data(), language="ru")

    assert [(each["id"], each["name"]) for each in me["recent"]] == [("mario", "Марио"), ("nemo", "Капитан Немо")]


async def test_a_character_that_came_by_a_link_can_be_returned_to_until_it_is_no_longer_shared(
    guest: Guest, visitor: Guest
) -> None:
    grete = owned.create(guest.id, CARD, source="test", checked=True)
    sharing.share(guest.id, grete)
    choices.choose(Person(visitor.id, "Ivan"), grete)
    await visitor.chooses("mario")

    _, me = await visitor.api("me", init_data=visitor.user.init_data())
    assert [each["id"] for each in me["recent"]] == ["mario", grete]
    assert "Grete" in str((await page_of(visitor, grete))[1])

    sharing.stop_sharing(guest.id, grete)
    _, me = await visitor.api("me", init_data=visitor.user.init_data())
    assert [each["id"] for each in me["recent"]] == ["mario"]
    assert (await page_of(visitor, grete))[0] == 404


async def test_the_list_is_sent_again_only_if_it_has_changed(guest: Guest) -> None:
    picker_list._kept = None
    url = f"{guest.stack.url}/api/characters?lang=en"
    async with guest.http.get(url) as response:
        assert "Марио" in (await response.json())["characters"][0]["also"]
        tag = response.headers["ETag"]
    async with guest.http.get(url, headers={"If-None-Match": tag}) as response:
        assert (response.status, await response.read()) == (304, b"")
    async with guest.http.get(url.replace("en", "ru"), headers={"If-None-Match": tag}) as response:
        assert response.status == 200
