"""A write that a table refuses for another reason than its condition is an error, and never taken for a lost race."""

from collections.abc import Callable

import pytest
from pynamodb.exceptions import PynamoDBException

from tests.integration.guest import Guest
from tests.integration.stored_turns import stored
from troupe.clock import now_ms
from troupe.conversations import turn_edits, turn_intake, turn_lease, turn_records, turn_requests, turns
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn

pytestmark = pytest.mark.asyncio(loop_scope="session")

# An item has at most 400 kB.
TOO_LARGE = "x" * 500_000
WRITES: dict[str, Callable[[Turn], object]] = {
    "release": lambda turn: turn_lease.release(turn, TOO_LARGE),
    "give_up": lambda turn: turns.give_up(turn, TOO_LARGE),
    "save_answer": lambda turn: turns.save_answer(turn, TOO_LARGE, {}),
    "reword": lambda turn: turn_edits.reword(int(turn.chat_id), int(turn.message_id), TOO_LARGE, 1),
    "receive": lambda turn: turn_intake.receive(
        Turn(turn.chat_id, 1, person_id=1, update_id=1, sent_s=1, received_at=1, text=TOO_LARGE)
    ),
}
ANSWER_WRITES: dict[str, Callable[[Turn], object]] = {
    "ask_again": lambda turn: turn_requests.ask_again(turn, 1, TOO_LARGE),
    "show_alternative": lambda turn: turn_records.show_alternative(turn, TOO_LARGE, [1]),
}


@pytest.mark.parametrize("write", WRITES)
async def test_a_change_of_a_turn_that_does_not_fit_is_an_error_and_changes_nothing(guest: Guest, write: str) -> None:
    message = stored(guest, "Hello")
    turn = turn_lease.claim(guest.id, message["message_id"], now_ms() + 60_000)

    with pytest.raises(PynamoDBException):
        WRITES[write](turn)
    found = Turn.get(guest.id, message["message_id"])
    assert (found.status, found.text, found.attempts, found.holder) == ("received", "Hello", 0, turn.holder)


@pytest.mark.parametrize("write", ANSWER_WRITES)
async def test_a_change_of_an_answer_that_does_not_fit_is_an_error_and_changes_nothing(
    guest: Guest, write: str
) -> None:
    message = stored(guest, "Hello")
    turn = turn_lease.claim(guest.id, message["message_id"], now_ms() + 60_000)
    turns.save_answer(turn, "Hi!", {})
    turns.mark_delivered(turn, [1])

    with pytest.raises(PynamoDBException):
        ANSWER_WRITES[write](turn)
    found = Turn.get(guest.id, message["message_id"])
    assert (found.status, found.text, found.answer) == ("delivered", "Hello", "Hi!")


async def test_a_memory_that_does_not_fit_is_an_error(guest: Guest) -> None:
    conversation = Conversation.of(guest.id, f"{guest.id}:0:mario:0")

    with pytest.raises(PynamoDBException):
        conversation.change_facts([TOO_LARGE])
    with pytest.raises(PynamoDBException):
        conversation.save_summary(TOO_LARGE, 5)
    assert Conversation.find(guest.id, f"{guest.id}:0:mario:0") is None
