"""The controls of a conversation: another answer, go on, take back, edit, restart."""

import pytest

from tests.integration.guest import PATIENCE_S, Guest, Json, eventually
from troupe.clock import now_ms
from troupe.conversations import turn_intake
from troupe.conversations.jobs.answering import AlternativeJob
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED, JOINED, WITHDRAWN
from troupe.users import User

pytestmark = pytest.mark.asyncio(loop_scope="session")


def buttons(message: Json) -> list[str]:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    return [button["text"] for row in rows for button in row]


def toast(guest: Guest, query: str) -> str | None:
    answered = [call.params for call in guest.stack.simulator.calls if call.method == "answerCallbackQuery"]
    return next((call.get("text", "") for call in answered if call["callback_query_id"] == query), None)


async def shows(guest: Guest, text: str) -> None:
    """The newest message of the bot comes to say this, by being sent or by being edited."""
    await guest.stack.simulator.wait_for(lambda: text in guest.texts()[-1], timeout=PATIENCE_S)


async def answered(guest: Guest, *answers: str) -> Json:
    """A chat with Mario in which one message has had these answers, the last of them by asking again."""
    await guest.chooses("mario")
    first, *more = answers
    guest.stack.model.script(text=first, matching="Tell me something")
    message = guest.write("Tell me something")
    await guest.hears(2)
    await guest.turn(message, DELIVERED)
    for answer in more:
        guest.stack.model.script(text=answer, matching="Tell me something")
        guest.user.press(guest.received()[-1]["message_id"], "Another")
        await shows(guest, answer.strip()[-20:])
        await guest.turn(message, DELIVERED)
    return message


async def test_the_controls_stand_under_the_newest_answer_only(guest: Guest) -> None:
    await answered(guest, "One.")
    await guest.says("And then?")

    await guest.stack.simulator.wait_for(lambda: not buttons(guest.received()[1]), timeout=PATIENCE_S)
    assert buttons(guest.received()[-1]) == ["Another", "Go on", "Undo", "Say it", "Why?", "Picture"]
    assert buttons(guest.received()[0]) == []


async def test_another_answer_takes_the_place_of_the_first_and_both_are_kept(guest: Guest) -> None:
    message = await answered(guest, "First take.", "Second take.")

    assert len(guest.texts()) == 2
    turn = Turn.get(guest.id, message["message_id"])
    assert (turn.answer, turn.alternatives) == ("Second take.", ["First take.", "Second take."])
    assert buttons(guest.received()[-1])[:3] == ["◀", "2/2", "▶"]


async def test_swiping_shows_an_earlier_answer_and_the_character_has_said_that_one(guest: Guest) -> None:
    message = await answered(guest, "First take.", "Second take.")

    guest.user.press(guest.received()[-1]["message_id"], "◀")
    await shows(guest, "First take.")
    await eventually(lambda: Turn.get(guest.id, message["message_id"]).answer == "First take." or None)
    await guest.says("Go ahead.")

    assert "First take." in str(guest.stack.model.calls[-1].body["input"])
    assert "Second take." not in str(guest.stack.model.calls[-1].body["input"])


async def test_an_edit_that_changes_nothing_sends_nothing(guest: Guest) -> None:
    """A swipe whose job comes twice: Telegram refuses the second edit as no modification."""
    message = await answered(guest, "First take.", "Second take.")
    shown = guest.received()[-1]["message_id"]
    job = AlternativeJob(
        person_id=guest.id, chat_id=guest.id, conversation_id=f"{guest.id}:0:mario:0", character_id="mario",
        language="en", turn_id=message["message_id"], number=0,
    )  # fmt: skip
    before = len(guest.stack.simulator.calls)
    for repeat in range(2):
        enqueue(job, f"swipe:{guest.id}:{repeat}")

    def refused() -> bool:
        edits = [call for call in guest.stack.simulator.calls[before:] if call.method == "editMessageText"]
        return any(call.chat_id == guest.id and "not modified" in (call.description or "") for call in edits)

    await guest.stack.simulator.wait_for(refused, timeout=PATIENCE_S)
    guest.stack.model.script(text="Here we go.", matching="Go ahead.")
    assert await guest.says("Go ahead.") == "Here we go."
    turn = Turn.get(guest.id, message["message_id"])
    assert guest.texts()[1:] == ["First take.", "Here we go."]
    assert (turn.answer, turn.reply_ids) == ("First take.", [shown])


async def test_as_many_of_the_newest_answers_are_kept_as_an_item_can_hold(guest: Guest) -> None:
    message = await answered(guest, "First take.", "Second take.")
    long = "Слово за слово, и вот уже вечер. " * 120
    turn = Turn.get(guest.id, message["message_id"])
    turn.update(actions=[Turn.alternatives.set([f"{number}. {long}" for number in range(16)])])

    guest.stack.model.script(text=f"17. {long}", matching="Tell me something")
    guest.user.press(guest.received()[-1]["message_id"], "Another")
    await shows(guest, "17. Слово")
    turn = await guest.turn(message, DELIVERED)

    assert turn.alternatives[-1] == turn.answer
    assert turn.alternatives[-2].startswith("15. ")
    assert 1 < len(turn.alternatives) < 16


async def test_another_answer_that_cannot_be_had_leaves_the_first_one_standing(guest: Guest) -> None:
    message = await answered(guest, "First take.")
    guest.stack.model.script(status=401, matching="Tell me something")

    guest.user.press(guest.received()[-1]["message_id"], "Another")

    assert "keep this one" in await guest.hears(3)
    turn = await guest.turn(message, DELIVERED)
    assert (turn.answer, guest.texts()[1]) == ("First take.", "First take.")


async def test_a_longer_answer_takes_more_messages_and_a_shorter_one_fewer(guest: Guest) -> None:
    long = "\n\n".join(f"Paragraph {number}. " + "word " * 300 for number in range(5))
    message = await answered(guest, "Short.", long)
    await eventually(lambda: len(guest.texts()) > 2 or None)

    guest.user.press(guest.received()[-1]["message_id"], "◀")
    await guest.stack.simulator.wait_for(lambda: guest.texts()[1:] == ["Short."], timeout=PATIENCE_S)

    turn = await eventually(lambda: ((t := Turn.get(guest.id, message["message_id"])).answer == "Short." and t) or None)
    assert turn.reply_ids == [guest.received()[-1]["message_id"]]


async def test_go_on_lets_the_character_speak_again(guest: Guest) -> None:
    await answered(guest, "Once upon a time")
    guest.stack.model.script(text="there was a goose.")

    guest.user.press(guest.received()[-1]["message_id"], "Go on")

    assert await guest.hears(3) == "there was a goose."
    told = guest.stack.model.calls[-1].body["input"]
    assert told[-1]["role"] == "developer"
    assert "Go on from where" in told[-1]["content"]


async def test_an_exchange_taken_back_leaves_the_chat_and_the_prompts_but_not_the_table(guest: Guest) -> None:
    message = await answered(guest, "I never said this.")

    guest.user.press(guest.received()[-1]["message_id"], "Undo")
    await guest.stack.simulator.wait_for(lambda: len(guest.texts()) == 1, timeout=PATIENCE_S)
    await guest.says("Hello again!")

    assert "Tell me something" not in str(guest.stack.model.calls[-1].body["input"])
    turn = Turn.get(guest.id, message["message_id"])
    assert (turn.status, turn.answer) == (WITHDRAWN, "I never said this.")


@pytest.mark.parametrize("command", ["/again", "/continue", "/undo"])
async def test_the_commands_do_what_the_buttons_do_and_say_when_there_is_nothing_to_do(
    guest: Guest, command: str
) -> None:
    assert "Choose a character first" in await guest.says(command)
    await guest.chooses("mario")
    assert "nothing to do that to" in await guest.says(command)


async def test_undo_takes_the_last_exchange_and_the_command_away(guest: Guest) -> None:
    await answered(guest, "Never mind.")
    guest.write("/undo")
    simulator = guest.stack.simulator

    # The notice of the AI and the greeting stay.
    await simulator.wait_for(lambda: len(simulator.messages(guest.id)) == 2, timeout=PATIENCE_S)


async def test_editing_the_newest_message_asks_again(guest: Guest) -> None:
    message = await answered(guest, "About geese.")
    guest.stack.model.script(text="About bees.", matching="bees")

    guest.user.edit(message["message_id"], "Tell me of bees")
    await shows(guest, "About bees.")

    turn = await guest.turn(message, DELIVERED)
    assert (turn.text, turn.answer) == ("Tell me of bees", "About bees.")
    assert len(guest.texts()) == 2


@pytest.mark.parametrize("claimed", [False, True])
async def test_a_message_edited_while_it_is_answered_gets_an_answer_to_the_new_words_alone(
    guest: Guest, *, claimed: bool
) -> None:
    await guest.chooses("mario")
    if claimed:
        guest.stack.model.script(status=500, matching=f"geese of {guest.id}")
    guest.stack.model.script(text="About geese.", hang=1, matching=f"geese of {guest.id}")
    guest.stack.model.script(text="About bees.", matching=f"bees of {guest.id}")
    message = guest.write(f"Tell me of the geese of {guest.id}")
    await guest.stack.model.wait_for_call(lambda call: "geese" in call.said and call.outcome == "in progress")
    guest.user.edit(message["message_id"], f"Tell me of the bees of {guest.id}")

    assert await guest.hears(2) == "About bees."
    turn = await guest.turn(message, DELIVERED)
    assert turn.text == f"Tell me of the bees of {guest.id}"
    assert len(guest.texts()) == 2


async def test_an_edit_that_comes_again_after_the_answer_asks_for_no_other(guest: Guest) -> None:
    await guest.chooses("mario")
    message, text = guest.unsent("Tell me of geese"), f"Tell me of the bees of {guest.id}"
    turn_intake.receive(
        Turn(
            guest.id,
            message["message_id"],
            person_id=guest.id,
            update_id=1,
            text=message["text"],
            sent_s=1,
            received_at=now_ms(),
        )
    )
    edited = {"update_id": 6_000_000 + guest.id, "edited_message": message | {"text": text}}
    await guest.posts(edited)
    await guest.delivers(message, 6_100_000 + guest.id)
    await guest.turn(message, DELIVERED)
    await guest.posts(edited)

    await guest.says("And then?")
    assert [call.said for call in guest.stack.model.calls].count(text) == 1


async def test_editing_an_older_message_changes_nothing_and_says_so(guest: Guest) -> None:
    message = await answered(guest, "One.")
    await guest.says("And then?")
    guest.user.edit(message["message_id"], "Something else")

    assert "send it as a new message" in await guest.hears(4)
    assert Turn.get(guest.id, message["message_id"]).text == "Tell me something"


async def test_an_old_button_is_answered_politely_and_does_nothing(guest: Guest) -> None:
    """As under a message that a client still shows with its buttons."""
    await answered(guest, "One.")
    old = guest.received()[-1]
    await guest.says("And then?")
    simulator = guest.stack.simulator
    await simulator.wait_for(lambda: not buttons(guest.received()[1]), timeout=PATIENCE_S)
    shown = {"chat_id": guest.id, "message_id": old["message_id"], "reply_markup": old["reply_markup"]}
    await simulator.call("editMessageReplyMarkup", **shown)
    query = guest.user.press(old["message_id"], "Another")

    said = await eventually(lambda: toast(guest, query))
    assert "earlier time" in said


async def test_a_restart_greets_anew_forgets_and_can_be_undone(guest: Guest) -> None:
    await guest.chooses("mario")
    await guest.says("My goose is called Honk.")
    guest.write("/restart")
    await guest.hears(4)
    assert "Nothing is lost" in "".join(guest.texts()[2:4])
    await guest.says("What is my goose called?")
    assert "Honk" not in str(guest.stack.model.calls[-1].body["input"])

    greeting = next(message for message in guest.received() if "Undo the restart" in buttons(message))
    guest.user.press(greeting["message_id"], "Undo the restart")
    await guest.hears(6)
    await guest.says("And now?")

    assert "Honk" in str(guest.stack.model.calls[-1].body["input"])
    assert User.get(guest.id).generation("mario") == 0


async def test_a_greeting_can_be_swiped_for_another_until_something_is_said(guest: Guest) -> None:
    first = await guest.chooses("mario")
    greeting = guest.received()[0]

    guest.user.press(greeting["message_id"], "Another greeting")
    await guest.stack.simulator.wait_for(lambda: guest.texts()[0] != first, timeout=PATIENCE_S)
    second = guest.texts()[0]
    await guest.says("Hello!")

    assert guest.stack.model.calls[-1].body["input"][0]["content"] == second


async def test_messages_written_before_the_first_word_of_an_answer_are_answered_together(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="First answer.", first_delay=60, matching="One")
    guest.stack.model.script(text="Second answer.", matching="Four")
    messages = [guest.write("One")]
    await guest.stack.model.wait_for_call(lambda call: call.said == "One")
    messages += [guest.write(text) for text in ("Two", "Three", "Four")]

    assert await guest.hears(2) == "Second answer."

    for message, status in zip(messages, (JOINED, JOINED, JOINED, DELIVERED), strict=True):
        await guest.turn(message, status)
    said = [line["content"] for line in guest.stack.model.calls[-1].body["input"] if line["role"] == "user"]
    assert said == ["One", "Two", "Three", "Four"]


async def test_the_bot_speaks_the_language_that_is_chosen(guest: Guest) -> None:
    await guest.says("/language")
    query = guest.user.press(guest.received()[-1]["message_id"], "Русский")
    assert await eventually(lambda: toast(guest, query)) == "Теперь по-русски."

    assert "С кем хотите поговорить" in await guest.says("/menu")
    assert "Марио" in await guest.chooses("mario")
    assert (await guest.api("me", init_data=guest.user.init_data()))[1]["language"] == "ru"
    assert await guest.says("/language en") == "From now on in English."
