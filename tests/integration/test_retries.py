"""After a failure: the Retry button, dead letters and jobs that can't be read."""

import json
import time

import pytest

from tests.integration.guest import Guest
from tests.integration.letters import bury, held, look
from tests.integration.requeueing import calls_for, settled
from tests.integration.stored_turns import stored
from troupe.clock import now_ms
from troupe.conversations import turn_lease, turn_requests, turns
from troupe.conversations.turn_states import DELIVERED, FAILED, TurnLostError
from troupe.telegram.texts import ENGLISH

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_retry_works_once_however_often_it_is_pressed(guest: Guest) -> None:
    await guest.chooses("mario")
    text = f"Press me, {guest.id}"
    guest.stack.model.script(code="invalid_api_key", matching=text)
    await guest.says(text)
    apology = guest.received()[-1]["message_id"]

    for _ in range(3):
        guest.user.press(apology, ENGLISH.retry)
    await guest.hears(3)
    await settled(guest)
    guest.user.press(apology, ENGLISH.retry)
    await settled(guest)
    assert calls_for(guest, text) == 2
    assert len(guest.received()) == 5


async def test_a_retry_whose_webhook_died_before_the_queue_works_when_pressed_again(guest: Guest) -> None:
    await guest.chooses("mario")
    text = f"Half pressed, {guest.id}"
    guest.stack.model.script(code="invalid_api_key", matching=text)
    message = guest.write(text)
    await guest.turn(message, FAILED)
    assert turn_requests.reopen(guest.id, message["message_id"])

    guest.user.press(guest.received()[-1]["message_id"], ENGLISH.retry)
    await guest.hears(3)
    await guest.turn(message, DELIVERED)


async def test_a_retry_pressed_before_the_failure_is_closed_is_not_lost(guest: Guest) -> None:
    message = stored(guest, f"Quick finger {guest.id}")
    turn = turn_lease.claim(guest.id, message["message_id"], now_ms() + 60_000)
    turns.give_up(turn, "model_key")
    press = {"id": "1", "from": guest.user.person.as_user(), "data": f"retry:{message['message_id']}"}
    answer = await guest.posts({"update_id": 8, "callback_query": press})

    assert answer is not None
    assert answer["text"] == ENGLISH.retrying
    with pytest.raises(TurnLostError):
        turns.close(turn)
    await guest.hears(1)
    await guest.turn(message, DELIVERED)


async def test_a_dead_letter_is_apologised_for_with_a_button_that_works(guest: Guest) -> None:
    message = stored(guest, f"Buried {guest.id}")
    bury(guest.stack, guest.id, guest.job(message))
    await look(guest.stack)

    assert await guest.hears(1) == ENGLISH.apology
    assert (await guest.turn(message, FAILED)).failure == "dead_letter"
    guest.user.press(guest.received()[-1]["message_id"], ENGLISH.retry)
    await guest.hears(2)
    await guest.turn(message, DELIVERED)


async def test_a_job_of_an_unknown_version_is_apologised_for_at_once_if_it_names_a_turn(guest: Guest) -> None:
    message = stored(guest, "From the future")
    body = {"version": 99, "kind": "sing", "chat_id": guest.id, "message_id": message["message_id"]}
    guest.stack.aws.sqs.send_message(
        QueueUrl=guest.stack.names["ReplyQueue"],
        MessageBody=json.dumps(body),
        MessageGroupId=str(guest.id),
        MessageDeduplicationId=str(time.time_ns()),
    )

    assert await guest.hears(1) == ENGLISH.apology
    await guest.turn(message, FAILED)


async def test_an_unreadable_job_stays_with_the_dead_letters_for_the_operator(guest: Guest) -> None:
    bury(guest.stack, guest.id, {"what": "is this"})
    bury(
        guest.stack,
        guest.id,
        {"version": 2, "kind": "answer", "person_id": guest.id, "chat_id": guest.id, "message_id": 1, "update_id": 1},
    )

    before = held(guest.stack)
    await look(guest.stack)

    assert held(guest.stack) == before + 2
