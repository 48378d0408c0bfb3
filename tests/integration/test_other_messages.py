"""Messages of all other kinds get a fitting answer, and never silence."""

import pytest

from tests.integration.guest import Guest, Json, eventually
from troupe.conversations.jobs.answering import AnswerJob
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED, UNADDRESSED
from troupe.users import User

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_message_without_text_is_kept_and_answered_with_a_request_for_words(guest: Guest) -> None:
    await guest.chooses("mario")
    message = guest.user.send_document()

    assert "tell it in words" in await guest.hears(2)
    turn = await guest.turn(message, UNADDRESSED)
    assert (turn.kind, turn.text) == ("document", "")


async def test_an_unknown_command_points_to_help_and_help_lists_what_can_be_done(guest: Guest) -> None:
    assert "/help" in await guest.says("/abracadabra")
    told = await guest.says("/help")
    assert all(command in told for command in ("/menu", "/start", "/memory", "/restart", "/language"))


async def test_help_is_in_the_persons_language(visitor: Guest) -> None:
    assert "Просто пишите" in await visitor.says("/help")


async def test_a_message_of_4096_characters_is_answered(guest: Guest) -> None:
    await guest.chooses("albert")
    message = guest.write("ж" * 4096)

    assert (await guest.turn(message, DELIVERED)).text == "ж" * 4096


async def test_a_group_is_ignored_cleanly(guest: Guest) -> None:
    simulator = guest.stack.simulator
    group = simulator.group(-500, "Beekeepers")
    await guest.chooses("mario")
    guest.user.send_text("Hello everybody, and /start", chat_id=group)
    guest.user.send_text("/start", chat_id=group)

    await guest.says("Hello!")

    assert [message for message in simulator.messages(group) if message["from"]["is_bot"]] == []


async def test_a_person_who_blocks_the_bot_is_marked_and_costs_nothing_more(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.user.block()
    await eventually(lambda: User.get(guest.id).blocked_at)
    calls = len(guest.stack.model.calls)

    # As when the block comes while a message is still in the queue.
    Turn(
        guest.id, 900, person_id=guest.id, update_id=1, conversation_id=f"{guest.id}:0:mario:0", character_id="mario",
        text="Still there?", sent_s=1_800_000_000, received_at=1,
    ).save()  # fmt: skip
    enqueue(AnswerJob(person_id=guest.id, chat_id=guest.id, message_id=900), "blocked")

    turn = await guest.turn({"message_id": 900}, "failed")
    assert turn.failure == "blocked"
    assert len(guest.stack.model.calls) == calls


async def test_a_block_that_only_shows_when_the_answer_is_sent_is_marked_too(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="Here I am.", first_delay=0.5, matching="Are you there?")
    message = guest.write("Are you there?")
    guest.user.person.blocked = True

    assert (await guest.turn(message, "failed")).failure == "telegram_blocked"
    assert User.get(guest.id).blocked_at


async def test_writing_again_after_a_block_is_answered_again(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.user.block()
    await eventually(lambda: User.get(guest.id).blocked_at)

    await guest.says("I am back!")

    assert await eventually(lambda: not User.get(guest.id).blocked_at or None)


async def test_an_old_button_is_answered_politely(guest: Guest) -> None:
    await guest.says("/start")
    simulator = guest.stack.simulator
    keyboard = {"inline_keyboard": [[{"text": "Old", "callback_data": "from-an-earlier-version"}]]}
    sent = await simulator.call("sendMessage", chat_id=guest.id, text="From last year", reply_markup=keyboard)

    query = guest.user.press(sent["message_id"], "Old")

    def answered() -> Json | None:
        calls = [call for call in simulator.calls if call.method == "answerCallbackQuery"]
        return next((call.params for call in calls if call.params["callback_query_id"] == query), None)

    found = await eventually(answered)
    assert "/menu" in found["text"]
