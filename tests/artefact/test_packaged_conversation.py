"""The whole conversation, with every function running as it ships."""

import pytest

from local.stack import Stack
from tests.integration.guest import Guest, Json, eventually
from tests.integration.letters import bury
from troupe.pseudonym import pseudonym

# The packages are built within the first test.
pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(1200)]


async def test_the_whole_conversation_happens(stack: Stack, guest: Guest) -> None:
    assert "Anna" in await guest.says("/start")
    (button,) = guest.received()[0]["reply_markup"]["inline_keyboard"][0]
    assert button["web_app"]["url"] == "https://troupe.example.com/"
    async with guest.http.get(f"{stack.url}/api/characters?lang=en") as response:
        assert {"mario", "albert"} <= {character["id"] for character in (await response.json())["characters"]}
    assert "Mario" in await guest.chooses("mario")
    assert (await guest.api("me", init_data=guest.user.init_data()))[1]["character_id"] == "mario"

    stack.model.script(text="Mamma *mia*!", matching="castle")
    assert await guest.says("Which castle is it this time?") == "Mamma mia!"

    def mine() -> list[Json] | None:
        found = [event for event in stack.amplitude.events if event["user_id"] == pseudonym(guest.id)]
        return found if len(found) >= 5 else None

    kinds = {event["event_type"] for event in await eventually(mine)}
    assert kinds == {"registered", "character_selected", "message_sent", "reply_received", "reply_sent"}


async def test_a_model_that_fails_leads_to_an_apology_and_its_button_to_the_answer(stack: Stack, guest: Guest) -> None:
    stack.model.script(status=429, code="insufficient_quota", matching="a thousand words")
    assert "Sorry" in await guest.says("Tell me a thousand words")

    count = len(guest.received())
    guest.user.press(guest.received()[-1]["message_id"], (0, 0))

    assert await guest.hears(count + 1)


async def test_the_clock_has_dead_letters_worked(stack: Stack, guest: Guest) -> None:
    count = len(guest.received())
    bury(stack, guest.id, guest.greet_job("nemo"))

    assert "Nemo" in await guest.hears(count + 1)
