"""An update or a job that comes twice changes nothing, and finishes what a dead process began."""

import asyncio
import time
from dataclasses import replace

import pytest

from tests.integration.guest import Guest, eventually
from tests.integration.log_lines import Said, with_metric
from tests.integration.requeueing import calls_for, requeue, settled
from troupe.clock import now_ms
from troupe.conversations import turn_intake, turn_requests
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED
from troupe.users import User

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_the_same_update_many_times_at_once_is_one_turn_one_call_and_one_answer(guest: Guest) -> None:
    await guest.chooses("mario")
    message = guest.unsent(f"Only once, says {guest.id}")
    await asyncio.gather(*(guest.delivers(message, update_id=4_000_001) for _ in range(8)))
    await guest.hears(2)
    await settled(guest)

    assert len(guest.received()) == 3
    assert calls_for(guest, message["text"]) == 1


async def test_a_repeat_after_the_queue_has_forgotten_it_changes_nothing(guest: Guest) -> None:
    await guest.chooses("mario")
    message = guest.unsent(f"A day ago, says {guest.id}")
    await guest.delivers(message, update_id=4_000_002)
    await guest.hears(2)
    await guest.turn(message, DELIVERED)

    assert await guest.delivers(message, update_id=4_000_002) is None
    requeue(message)
    requeue(message)
    await settled(guest)
    assert len(guest.received()) == 3
    assert calls_for(guest, message["text"]) == 1


async def test_a_repeat_while_the_answer_is_on_its_way_changes_nothing(guest: Guest) -> None:
    await guest.chooses("mario")
    text = f"Slowly, says {guest.id}"
    guest.stack.model.script(hang=1.5, matching=text)
    message = guest.unsent(text)
    await guest.delivers(message, update_id=4_000_003)
    await guest.stack.model.wait_for_call(lambda call: call.said == text)
    await guest.delivers(message, update_id=4_000_003)
    requeue(message)
    await guest.hears(2)
    await settled(guest)

    assert len(guest.received()) == 3
    assert calls_for(guest, text) == 1


async def test_a_repeat_after_a_switch_of_character_is_still_the_first_ones_turn(guest: Guest) -> None:
    await guest.chooses("mario")
    message = guest.unsent(f"To Mario, says {guest.id}")
    await guest.delivers(message, update_id=4_000_004)
    await guest.hears(2)
    await guest.turn(message, DELIVERED)
    await guest.chooses("nemo")

    assert await guest.delivers(message, update_id=4_000_004) is None
    await settled(guest)
    turn = Turn.find(guest.id, message["message_id"])
    assert turn is not None
    assert turn.character_id == "mario"
    assert calls_for(guest, message["text"]) == 1


async def test_a_message_whose_webhook_died_before_the_queue_is_answered_by_the_repeat(guest: Guest) -> None:
    await guest.chooses("mario")
    message = guest.unsent("Half stored")
    turn = Turn(
        guest.id, message["message_id"], person_id=guest.id, update_id=5, sent_s=message["date"], received_at=now_ms()
    )
    turn.text, turn.character_id, turn.conversation_id = message["text"], "mario", f"{guest.id}:0:mario:0"
    turn_intake.receive(turn)

    await guest.delivers(message, update_id=5)
    await guest.hears(2)


async def test_an_edit_whose_webhook_died_before_the_queue_is_answered_by_the_repeat(guest: Guest) -> None:
    await guest.chooses("mario")
    message, text = guest.write("Tell me of geese"), f"Tell me of the bees of {guest.id}"
    turn = await guest.turn(message, DELIVERED)
    guest.stack.model.script(text="About bees.", matching=text)
    update_id = 6_200_000 + guest.id
    assert turn_requests.ask_again(turn, update_id, text)

    await guest.posts({"update_id": update_id, "edited_message": message | {"text": text}})

    assert (await guest.turn(message, DELIVERED)).answer == "About bees."


async def test_an_old_deep_link_that_comes_twice_greets_once_and_undoes_no_later_choice(
    guest: Guest, said: Said
) -> None:
    update_id = 7_000_000 + guest.id
    message = guest.unsent("/start mario") | {"date": int(time.time()) - 5}
    await guest.delivers(message, update_id)
    await guest.hears(1)
    await guest.delivers(message, update_id)
    job = replace(guest.greet_job("mario"), correlation_id=str(update_id))
    enqueue(job, f"again:{time.time_ns()}")
    await eventually(lambda: with_metric(said.lines(str(update_id)), "JobsRepeated"))
    await guest.chooses("nemo")

    assert await guest.delivers(message, update_id) is None
    assert len(guest.received()) == 2
    assert User.get(guest.id).character_id == "nemo"
