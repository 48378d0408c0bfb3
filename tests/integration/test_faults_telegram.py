"""Every failure of Telegram while an answer is sent, and the message that the person gets."""

from typing import Any

import pytest

from local.simulator.faults import Fault
from tests.integration.guest import Guest
from troupe.conversations.turn_states import DELIVERED, FAILED
from troupe.telegram.texts import ENGLISH
from troupe.users import User

pytestmark = pytest.mark.asyncio(loop_scope="session")

LONG = "\n\n".join(f"Part {number}. " + "Word by word. " * 200 for number in range(2))


def broken(guest: Guest, **fault: Any) -> None:
    guest.stack.simulator.faults.add(Fault(method="sendMessage", chat_id=guest.id, **fault))


def calls_for(guest: Guest, text: str) -> int:
    return sum(call.said == text for call in guest.stack.model.calls)


@pytest.mark.parametrize(
    "fault",
    [
        {"error_code": 500},
        {"error_code": 502},
        {"error_code": 401},
        {"error_code": 409},
        {"disconnect": True},
        {"error_code": 429, "retry_after": 1},
    ],
    ids=str,
)
async def test_an_answer_that_telegram_refused_for_a_while_is_sent_again_and_never_asked_for_again(
    guest: Guest, fault: dict[str, Any]
) -> None:
    await guest.chooses("mario")
    question = f"Who is at the door of {guest.id}?"
    broken(guest, **fault)
    message = guest.write(question)
    answer = await guest.hears(2)

    turn = await guest.turn(message, DELIVERED)
    assert turn.reply_ids == [guest.received()[-1]["message_id"]]
    assert (len(guest.received()), calls_for(guest, question)) == (2, 1)
    assert answer != ENGLISH.apology


async def test_a_flood_limit_is_waited_out_and_no_other_chat_waits_with_it(guest: Guest, visitor: Guest) -> None:
    await guest.chooses("mario")
    await visitor.chooses("mario")
    broken(guest, error_code=429, retry_after=3)
    guest.write("One")
    refused = await guest.stack.simulator.wait_for(
        lambda: next((c for c in guest.stack.simulator.calls if c.chat_id == guest.id and c.error_code == 429), None),
        20,
    )

    await visitor.says("Two")
    assert len(guest.received()) == 1
    await guest.hears(2)
    sent = next(c for c in reversed(guest.stack.simulator.calls) if c.chat_id == guest.id and c.method == "sendMessage")
    assert sent.at - refused.at >= 3


@pytest.mark.parametrize(
    "description",
    [
        "Forbidden: bot was blocked by the user",
        "Forbidden: user is deactivated",
        "Bad Request: chat not found",
        "Bad Request: group chat was upgraded to a supergroup chat",
    ],
)
async def test_a_person_who_is_gone_is_left_alone(guest: Guest, description: str) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="Plain words", matching=f"Is {guest.id} there?")
    broken(guest, error_code=403 if "Forbidden" in description else 400, description=description)
    message = guest.write(f"Is {guest.id} there?")

    turn = await guest.turn(message, FAILED)
    assert turn.failure in {"telegram_blocked", "telegram_chat_gone"}
    assert len(guest.received()) == 1
    assert User.get(guest.id).blocked_at


async def test_a_message_written_after_unblocking_the_bot_is_answered(guest: Guest) -> None:
    await guest.chooses("mario")
    broken(guest, error_code=403)
    await guest.turn(guest.write("Lost"), FAILED)

    await guest.says("Back again")
    assert User.get(guest.id).blocked_at is None


async def test_an_answer_that_telegram_does_not_take_becomes_an_apology(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text="Plain words", matching="What is it")
    broken(guest, error_code=400, description="Bad Request: message can't be sent for some new reason")
    message = guest.write("What is it?")

    assert await guest.hears(2) == ENGLISH.apology
    turn = await guest.turn(message, FAILED)
    assert (turn.failure, turn.answer) == ("telegram_request", "Plain words")

    guest.user.press(guest.received()[-1]["message_id"], ENGLISH.retry)
    assert await guest.hears(3) == "Plain words"
    assert calls_for(guest, "What is it?") == 1


@pytest.mark.parametrize(
    "refusal",
    ["message thread not found", "TOPIC_CLOSED", "TOPIC_DELETED", "TOPIC_ID_INVALID", "the chat is not a forum"],
)
@pytest.mark.parametrize("answer", ["Plain words", "", "With *gestures*"])
async def test_an_answer_to_a_closed_or_deleted_topic_is_sent_to_the_chat_itself(
    guest: Guest, answer: str, refusal: str
) -> None:
    await guest.chooses("mario")
    question = f"Where are we, {guest.id}?"
    guest.stack.model.script(**({"text": answer} if answer else {"code": "invalid_api_key"}), matching=question)
    broken(guest, error_code=400, description=f"Bad Request: {refusal}")
    message = guest.unsent(question) | {"is_topic_message": True, "message_thread_id": 77}
    await guest.delivers(message, 9_000_000 + guest.id)

    assert await guest.hears(2) == (answer.replace("*", "") or ENGLISH.apology)
    turn = await guest.turn(message, DELIVERED if answer else FAILED)
    assert turn.thread_id == 77
    assert len(guest.received()) == 2


async def test_a_long_answer_goes_on_after_the_last_part_that_went_out(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text=LONG, matching="Tell me everything")
    broken(guest, hang=0)
    broken(guest, error_code=502)
    message = guest.write("Tell me everything")

    turn = await guest.turn(message, DELIVERED)
    told = guest.received()[1:]
    assert len(told) == 2
    assert turn.reply_ids == [part["message_id"] for part in told]
    assert [part["text"].split(".")[0] for part in told] == ["Part 0", "Part 1"]
    assert calls_for(guest, "Tell me everything") == 1


async def test_an_apology_that_can_not_be_sent_comes_later_and_the_model_is_left_alone(guest: Guest) -> None:
    await guest.chooses("mario")
    question = f"Is the line of {guest.id} bad?"
    guest.stack.model.script(code="invalid_api_key", matching=question)
    broken(guest, error_code=502)
    message = guest.write(question)

    assert await guest.hears(2) == ENGLISH.apology
    assert (await guest.turn(message, FAILED)).failure == "model_key"
    assert (calls_for(guest, question), len(guest.received())) == (1, 2)


async def test_an_answer_whose_receipt_was_lost_shows_twice_which_is_the_one_window(guest: Guest) -> None:
    """Telegram took it and did not say so. It has no key by which to know the second for the first."""
    await guest.chooses("mario")
    broken(guest, when="after", disconnect=True)
    question = f"Does {guest.id} hear an echo?"
    message = guest.write(question)

    turn = await guest.turn(message, DELIVERED)
    assert [text == turn.answer for text in guest.texts()[1:]] in ([True, True], [False, False])
    assert len(guest.received()) == 3
    assert calls_for(guest, question) == 1


async def test_a_greeting_that_can_not_be_sent_comes_later_and_once(guest: Guest) -> None:
    broken(guest, error_code=502)
    await guest.chooses("mario")
    await guest.says("Hello")

    assert len(guest.received()) == 2
