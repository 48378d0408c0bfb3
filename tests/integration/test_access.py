"""Rights to see, choose and go on with a character: in the list, through the API, by a deep link, in answers."""

import pytest
import pytest_asyncio

from functions.llm_reply.prompting import cards
from functions.webapp_select import picker_list
from tests.integration.guest import Guest
from troupe.characters.access import HIDDEN, PRIVATE
from troupe.characters.character import Character
from troupe.telegram.texts import ENGLISH

pytestmark = pytest.mark.asyncio(loop_scope="session")


def copy_of_mario(name: str, *, owner: str = "builtin", visibility: str = "public", position: int | None = None) -> str:
    mario = Character.get("mario")
    mario.character_id, mario.owner, mario.visibility, mario.position = name, owner, visibility, position
    mario.save()
    return name


@pytest_asyncio.fixture(loop_scope="session")
async def hidden(guest: Guest) -> str:
    return copy_of_mario(f"hidden-{guest.id}", visibility=HIDDEN, position=90)


async def listed(guest: Guest) -> list[str]:
    picker_list._kept = None
    async with guest.http.get(f"{guest.stack.url}/api/characters") as response:
        return [character["id"] for character in (await response.json())["characters"]]


async def test_a_hidden_character_can_neither_be_seen_nor_chosen(guest: Guest, hidden: str) -> None:
    assert hidden not in await listed(guest)
    status, answer = await guest.api("select", init_data=guest.user.init_data(), character_id=hidden)
    assert (status, answer["error"]) == (404, "unknown_character")
    assert await guest.says(f"/start {hidden}") == ENGLISH.welcome.format(name="Anna")


async def test_a_private_character_is_its_owners_alone(guest: Guest, visitor: Guest) -> None:
    own = copy_of_mario(f"own-{guest.id}", owner=str(guest.id), visibility=PRIVATE)

    assert own not in await listed(guest)
    assert await guest.chooses(own)
    status, _ = await visitor.api("select", init_data=visitor.user.init_data(), character_id=own)
    assert status == 404


async def test_people_who_talk_to_a_character_that_is_then_hidden_may_go_on(guest: Guest) -> None:
    name = copy_of_mario(f"soon-hidden-{guest.id}", position=91)
    await guest.chooses(name)
    copy_of_mario(name, visibility=HIDDEN, position=91)
    cards._kept.clear()

    guest.stack.model.script(text="Still here.", matching="Are you still there?")
    assert await guest.says("Are you still there?") == "Still here."


async def test_people_who_talk_to_a_character_that_became_anothers_own_are_told_it_is_gone(guest: Guest) -> None:
    name = copy_of_mario(f"soon-private-{guest.id}")
    await guest.chooses(name)
    copy_of_mario(name, owner="1", visibility=PRIVATE)
    cards._kept.clear()

    assert await guest.says("Hello?") == ENGLISH.character_gone


async def test_the_list_is_read_in_order_and_without_the_cards() -> None:
    found = Character.listed()

    assert [character.position for character in found] == sorted(character.position for character in found)
    assert all("card" not in character.attribute_values for character in found)


async def test_a_character_without_a_language_is_listed_in_one_that_it_has(guest: Guest) -> None:
    name = copy_of_mario(f"english-{guest.id}", position=92)
    english = Character.get(name)
    english.locales = {"en": english.locales["en"]}
    english.save()
    picker_list._kept = None

    async with guest.http.get(f"{guest.stack.url}/api/characters?lang=ru") as response:
        shown = {each["id"]: each["name"] for each in (await response.json())["characters"]}
    english.delete()

    assert (shown[name], shown["mario"]) == ("Mario", "Марио")
