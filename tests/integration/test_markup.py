"""The model's markup in Telegram's messages, and answers longer than a message."""

import json

import pytest

from local.simulator.faults import Fault
from tests.integration.guest import Guest, Json
from troupe.characters.character import Character
from troupe.conversations.turn_states import DELIVERED

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Longer than a message, and no longer than a model may write.
STORY = "\n\n".join(f"*Scene {number}.*" + " And they went on and on." * 13 for number in range(17))


def formatted(message: Json) -> list[tuple[str, str]]:
    units = message["text"].encode("utf-16-le")
    return [
        (entity["type"], units[2 * entity["offset"] : 2 * (entity["offset"] + entity["length"])].decode("utf-16-le"))
        for entity in message.get("entities", [])
    ]


async def test_actions_come_in_italics_and_dialogue_keeps_its_dashes(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="😀 *tips the cap*\n- Hello!\n— Привет! **Wow** <3", matching="Say hello")

    assert await guest.says("Say hello") == "😀 tips the cap\n- Hello!\n— Привет! Wow <3"
    assert formatted(guest.received()[-1]) == [("italic", "tips the cap"), ("bold", "Wow")]


async def test_a_greeting_is_formatted_too(guest: Guest) -> None:
    mario = Character.get("mario")
    card = json.loads(mario.card)
    card["data"]["extensions"]["troupe"]["locales"]["en"]["greeting"] = "*tips the cap* Hello, **{{user}}**!"
    name = f"copy-{guest.id}"
    Character(name, card=json.dumps(card), owner=str(guest.id), visibility="private", locales=mario.locales).save()

    assert await guest.chooses(name) == "tips the cap Hello, Anna!"
    assert formatted(guest.received()[-1]) == [("italic", "tips the cap"), ("bold", "Anna")]


async def test_thoughts_are_neither_shown_nor_kept(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="<think>\nShe wants *pizza*.\n</think>\n\nPizza!", matching="Hungry")
    question = guest.write("Hungry")

    assert await guest.hears(2) == "Pizza!"
    assert (await guest.turn(question, DELIVERED)).answer == "Pizza!"


async def test_an_answer_longer_than_a_message_comes_in_order_cut_between_paragraphs(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text=STORY, matching="A long one")
    question = guest.write("A long one")
    await guest.hears(3)

    turn = await guest.turn(question, DELIVERED)
    messages = guest.received()[1:]
    assert turn.reply_ids == [message["message_id"] for message in messages]
    assert "\n\n".join(message["text"] for message in messages) == STORY.replace("*", "")
    assert [kind for message in messages for kind, _ in formatted(message)] == ["italic"] * 17


async def test_a_long_answer_that_broke_off_goes_on_with_the_next_part(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text=STORY, matching="An interrupted one")
    question = guest.write("An interrupted one")
    await guest.hears(2)
    guest.stack.simulator.faults.add(Fault("sendMessage", guest.id, error_code=502))
    await guest.hears(3)

    await guest.turn(question, DELIVERED)
    assert "\n\n".join(guest.texts()[1:]) == STORY.replace("*", "")
    assert len([call for call in guest.stack.model.calls if call.said == "An interrupted one"]) == 1


async def test_formatting_that_telegram_refuses_goes_out_plain(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="*bows* **Ciao!**", matching="Plainly")
    guest.stack.simulator.faults.add(
        Fault("sendMessage", guest.id, error_code=400, description="Bad Request: can't parse entities")
    )

    assert await guest.says("Plainly") == "bows Ciao!"
    assert formatted(guest.received()[-1]) == []
