"""A conversation from /start to the second character and back, through every part of the product."""

import pytest

from functions.llm_reply.formatting.split import split
from publishing.bot_profile import MENU_BUTTON
from tests.integration.guest import Guest, Json, eventually
from troupe.conversations.turn_states import DELIVERED, UNADDRESSED
from troupe.pseudonym import pseudonym
from troupe.users import User

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_start_registers_the_person_and_offers_the_picker(guest: Guest) -> None:
    welcome = await guest.says("/start")

    assert "Anna" in welcome
    assert "AI" in welcome
    (button,) = guest.received()[0]["reply_markup"]["inline_keyboard"][0]
    assert button["web_app"]["url"].startswith("http://localhost:")
    user = User.get(guest.id)
    assert (user.username, user.first_name, user.last_name, user.language) == ("anna", "Anna", "Karenina", "en")
    assert user.registered_at


async def test_a_second_start_updates_the_names_and_never_the_time_of_registration(guest: Guest) -> None:
    await guest.says("/start")
    before = User.get(guest.id)
    guest.user = guest.stack.simulator.user(guest.id, "Annie", None, None, "ru")

    await guest.says("/start")

    after = User.get(guest.id)
    assert (after.first_name, after.language) == ("Annie", "ru")
    assert (str(after.last_name), str(after.username)) == ("None", "None")
    assert after.registered_at == before.registered_at


async def test_a_person_without_a_username_is_welcome_in_their_language(visitor: Guest) -> None:
    assert "Привет, Иван" in await visitor.says("/start")


async def test_the_chosen_character_greets_in_the_persons_language(guest: Guest, visitor: Guest) -> None:
    assert await guest.chooses("mario") == "Hello! It's-a me, Mario! Are you-a ready for an adventure?"
    assert "Марио" in await visitor.chooses("mario")
    assert User.get(guest.id).character_id == "mario"


async def test_the_menu_button_needs_no_translation(visitor: Guest) -> None:
    button = await visitor.stack.simulator.call("getChatMenuButton", chat_id=visitor.id)
    assert button["text"] == MENU_BUTTON


async def test_a_deep_link_goes_straight_to_the_character(guest: Guest) -> None:
    assert "Einstein" in await guest.says("/start albert")
    assert User.get(guest.id).character_id == "albert"


async def test_a_deep_link_to_nobody_welcomes_and_keeps_the_choice(guest: Guest) -> None:
    await guest.chooses("mario")

    assert "Hi, Anna!" in await guest.says("/start nobody")
    assert User.get(guest.id).character_id == "mario"


@pytest.mark.parametrize("payload", ["ref_abc", "utm-2026", "ALBERTINE", "luigi and more words"])
async def test_a_note_behind_start_that_is_no_character_is_left_alone(guest: Guest, payload: str) -> None:
    said = await guest.says(f"/start {payload}")
    assert said.startswith("Hi, Anna!")
    assert "played by an AI" in said


@pytest.mark.parametrize("payload", ["ALBERT", "Albert", "albert utm_source=ad"])
async def test_a_deep_link_is_read_in_any_case_and_without_the_words_after_it(guest: Guest, payload: str) -> None:
    assert "Einstein" in await guest.says(f"/start {payload}")


async def test_a_message_is_answered_in_character_and_the_answer_is_stored_beside_it(guest: Guest) -> None:
    await guest.chooses("sherlock")
    question = guest.write("What do you make of my muddy boots?")
    answer = await guest.hears(2)

    turn = await guest.turn(question, DELIVERED)
    assert turn.text == "What do you make of my muddy boots?"
    assert [part.text for part in split(turn.answer)] == [answer]
    assert turn.reply_ids == [guest.received()[-1]["message_id"]]
    assert turn.received_at <= turn.answered_at <= turn.delivered_at
    assert turn.usage["model"] == "gpt-6-luna"
    assert turn.usage["input"] > 0


async def test_the_prompt_is_the_card_the_greeting_the_earlier_turns_and_the_message(guest: Guest) -> None:
    greeting = await guest.chooses("ada")
    answer = "*writes it on a card* Bees, Anna! **Bees!**"
    guest.stack.model.script(text=answer, matching="I keep bees")
    await guest.says("My name is Anna and I keep bees.")
    await guest.says("What do I keep?")

    call = guest.stack.model.calls[-1].body
    assert call["instructions"].startswith('You are "Ada"')
    assert "do not give instructions that could get somebody hurt" in call["instructions"]
    assert "{{" not in call["instructions"]
    said = [(line["role"], line["content"]) for line in call["input"] if line["role"] != "developer"]
    assert said == [
        ("assistant", greeting),
        ("user", "My name is Anna and I keep bees."),
        ("assistant", answer),
        ("user", "What do I keep?"),
    ]
    assert (call["store"], call["stream"], call["reasoning"]) == (False, True, {"effort": "none"})
    assert str(guest.id) not in str(call)


async def test_each_character_has_its_own_conversation_and_coming_back_goes_on_with_it(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.says("My goose is called Honk.")
    await guest.says("/menu")
    await guest.chooses("nemo")
    await guest.says("Good evening, captain.")
    assert "Honk" not in str(guest.stack.model.calls[-1].body)

    back = await guest.chooses("mario")
    await guest.says("What is my goose called?")

    assert back != "Hello! It's-a me, Mario! Are you-a ready for an adventure?"
    assert "Honk" in str(guest.stack.model.calls[-1].body["input"])
    assert "captain" not in str(guest.stack.model.calls[-1].body["input"])


async def test_a_message_before_any_choice_is_kept_and_gets_the_picker(guest: Guest) -> None:
    message = guest.write("Is anybody there?")

    assert "Choose a character first" in await guest.hears(1)
    assert (await guest.turn(message, UNADDRESSED)).text == "Is anybody there?"
    assert User.get(guest.id).registered_at


async def test_every_step_becomes_one_event_and_none_carries_a_text_or_an_id(guest: Guest) -> None:
    await guest.says("/start")
    await guest.chooses("mario")
    await guest.says("A secret about bees.")
    events = guest.stack.amplitude.events

    def mine() -> list[Json] | None:
        found = [event for event in events if event["user_id"] == pseudonym(guest.id)]
        return found if len(found) >= 5 else None

    found = await eventually(mine)
    assert sorted(event["event_type"] for event in found) == [
        "character_selected",
        "message_sent",
        "registered",
        "reply_received",
        "reply_sent",
    ]
    assert "bees" not in str(found)
    assert str(guest.id) not in str(found)
    received = next(event for event in found if event["event_type"] == "reply_received")
    assert received["event_properties"]["character"] == "mario"
    assert received["event_properties"]["model"] == "gpt-6-luna"
    assert received["event_properties"]["output"] > 0


async def test_the_picker_knows_the_chosen_character(guest: Guest) -> None:
    assert (await guest.api("me", init_data=guest.user.init_data()))[1]["character_id"] is None
    await guest.chooses("nemo")
    assert (await guest.api("me", init_data=guest.user.init_data()))[1]["character_id"] == "nemo"


async def test_choosing_twice_from_one_opening_of_the_page_greets_once(guest: Guest) -> None:
    init_data = guest.user.init_data()
    for _ in range(3):
        assert (await guest.api("select", init_data=init_data, character_id="mario"))[0] == 200

    await guest.hears(1)
    await guest.says("Hello!")

    assert len(guest.texts()) == 2


async def test_every_change_of_character_in_one_opening_of_the_page_is_greeted(guest: Guest) -> None:
    opened = guest.user.init_data()
    for count, character_id in enumerate(("mario", "albert", "mario", "nemo", "albert", "mario"), start=1):
        for _ in range(2):
            assert await guest.api("select", init_data=opened, character_id=character_id) == (200, {})
        await guest.hears(count)
        assert User.get(guest.id).character_id == character_id

    await guest.says("Hello!")
    assert len(guest.received()) == 7
