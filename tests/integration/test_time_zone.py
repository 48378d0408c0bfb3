"""The person says what time it is for them, and is asked for it once."""

from datetime import timedelta

import pytest

from tests.integration.guest import PATIENCE_S, Guest, eventually
from troupe.clock import ahead_by
from troupe.conversations.turn_states import DELIVERED
from troupe.users import User

pytestmark = pytest.mark.asyncio(loop_scope="session")


def prompt(guest: Guest) -> str:
    return str(guest.stack.model.calls[-1].body["input"])


async def test_a_button_or_words_set_the_time_that_the_character_knows(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.says("/timezone")
    guest.user.press(guest.received()[-1]["message_id"], (3, 0))
    assert await eventually(lambda: User.get(guest.id).time_zone) == "+02:00"
    assert "don't know that time zone" in await guest.says("/timezone Mordor")
    assert "Thank you" in await guest.says("/timezone Asia/Tokyo")
    await guest.says("Hello!")
    assert "For the person it is" in prompt(guest)

    await guest.says("/timezone off")
    await guest.says("Hello again!")
    assert "For the person it is" not in prompt(guest)
    assert User.get(guest.id).time_zone is None


async def test_a_person_who_comes_back_another_day_is_asked_once_for_their_time_zone(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.turn(guest.write("Hello!"), DELIVERED)
    for days in (1, 2):
        with ahead_by(timedelta(days=days)):
            await guest.turn(guest.write(f"I am back on day {days}."), DELIVERED)
            await guest.stack.simulator.wait_for(
                lambda: any("/timezone" in text for text in guest.texts()), timeout=PATIENCE_S
            )
        assert "have passed since they last wrote" in prompt(guest)
        assert "For the person it is" not in prompt(guest)
    assert sum("/timezone" in text for text in guest.texts()) == 1
