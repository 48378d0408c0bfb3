"""Workers that die, meet on one turn or come too late: a message still has exactly one visible end."""

import asyncio

import pytest

from tests.integration.guest import Guest, later
from tests.integration.letters import bury, look
from tests.integration.requeueing import calls_for
from tests.integration.stored_turns import invoke, stored
from troupe import users
from troupe.clock import now_ms
from troupe.conversations import turn_intake, turn_lease, turn_requests, turns
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import ANSWERED, DELIVERED, FAILED, TurnBusyError, TurnLostError
from troupe.telegram.texts import ENGLISH

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_of_two_workers_on_one_turn_one_answers_and_the_other_notices(guest: Guest) -> None:
    message = stored(guest, f"Both of you, says {guest.id}")
    guest.stack.model.script(hang=1, matching=message["text"])
    first = asyncio.create_task(invoke(guest.stack, message, receives=2))
    await guest.stack.model.wait_for_call(lambda call: call.said == message["text"])

    with pytest.raises(TurnBusyError):
        turn_lease.claim(guest.id, message["message_id"], now_ms() + 1000)
    other = await invoke(guest.stack, message, group="another group")
    assert len(other["batchItemFailures"]) == 1
    assert await first == {"batchItemFailures": []}
    assert (len(guest.received()), calls_for(guest, message["text"])) == (1, 1)


@pytest.mark.parametrize("receives", [1, 2])
async def test_a_worker_without_a_claim_loses_to_a_worker_that_was_first_and_shows_nothing(
    guest: Guest, receives: int
) -> None:
    """The queue gives a job to one worker at a time; should it ever fail at that, the person sees one answer."""
    message = stored(guest, f"Twice at once, says {guest.id}")
    guest.stack.model.script(hang=1, matching=message["text"])
    first = asyncio.create_task(invoke(guest.stack, message))
    await guest.stack.model.wait_for_call(lambda call: call.said == message["text"])

    assert await invoke(guest.stack, message, receives=receives) == {"batchItemFailures": []}
    assert len((await first)["batchItemFailures"]) == 1
    await guest.turn(message, DELIVERED)
    assert len(guest.received()) == 1


async def test_a_batch_reports_exactly_the_failed_jobs_and_the_later_ones_of_their_chats(
    guest: Guest, visitor: Guest
) -> None:
    bad, behind, good = stored(guest, f"Bad {guest.id}"), stored(guest, "Behind", "nemo"), stored(visitor, "Good")
    guest.stack.model.script(status=500, matching=f"Bad {guest.id}")

    answer = await invoke(guest.stack, bad, good, behind)

    assert [failure["itemIdentifier"] for failure in answer["batchItemFailures"]] == [
        f"{guest.id}/{bad['message_id']}",
        f"{guest.id}/{behind['message_id']}",
    ]
    assert (await visitor.turn(good, DELIVERED)).answer
    assert guest.received() == []
    assert (await guest.turn(bad, "received")).attempts == 1


async def test_a_slow_chat_delays_no_other_in_its_batch(guest: Guest, visitor: Guest) -> None:
    slow, quick = stored(guest, f"Slow {guest.id}"), stored(visitor, "Quick")
    guest.stack.model.script(hang=3, matching=f"Slow {guest.id}")
    batch = asyncio.create_task(invoke(guest.stack, slow, quick))

    await visitor.hears(1)
    assert guest.received() == []
    assert not batch.done()
    await batch


async def test_near_the_end_of_its_time_a_worker_leaves_the_rest_untouched(
    guest: Guest, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("functions.llm_reply.settings.model_timeout_s", 80)
    message = stored(guest, f"Too late for {guest.id}")

    answer = await invoke(guest.stack, message)

    assert len(answer["batchItemFailures"]) == 1
    turn = Turn.find(guest.id, message["message_id"])
    assert turn is not None
    assert (turn.status, turn.crashes, turn.attempts, turn.leased_until) == ("received", 0, 0, 0)
    assert calls_for(guest, message["text"]) == 0


async def test_a_turn_that_workers_die_over_ends_in_an_apology(guest: Guest) -> None:
    """The first of them had no need to claim it."""
    message = stored(guest, f"Poison of {guest.id}")
    for _ in range(2):
        turn_lease.claim(guest.id, message["message_id"], now_ms() - 1)
        await later()

    assert await invoke(guest.stack, message) == {"batchItemFailures": []}

    assert guest.texts() == [ENGLISH.apology]
    turn = await guest.turn(message, FAILED)
    assert (turn.failure, calls_for(guest, message["text"])) == ("crashed", 0)


@pytest.mark.parametrize("is_dead_letter", [False, True])
async def test_a_turn_whose_other_answer_never_comes_keeps_the_one_that_is_shown(
    guest: Guest, is_dead_letter: bool
) -> None:
    await guest.chooses("mario")
    message = guest.write(f"Again and again, {guest.id}")
    turn = await guest.turn(message, DELIVERED)
    answer, shown = turn.answer, turn.reply_ids
    assert turn_requests.ask_again(turn, 1)
    if is_dead_letter:
        bury(guest.stack, guest.id, guest.job(message))
        await look(guest.stack)
    else:
        for _ in range(3):
            turn_lease.claim(guest.id, message["message_id"], now_ms() - 1)
            await later()
        assert await invoke(guest.stack, message) == {"batchItemFailures": []}

    kept = await guest.turn(message, DELIVERED)
    assert (kept.answer, kept.reply_ids) == (answer, shown)
    assert guest.texts()[-1] == ENGLISH.no_other


async def test_workers_that_die_over_an_apology_do_not_go_on_for_ever(guest: Guest) -> None:
    message = stored(guest, "Doomed")
    turn = turn_lease.claim(guest.id, message["message_id"], now_ms() - 1)
    turns.give_up(turn, "model_key")
    for _ in range(2):
        turn_lease.claim(guest.id, message["message_id"], now_ms() - 1)
        await later()

    await invoke(guest.stack, message)

    assert (await guest.turn(message, FAILED)).failure == "model_key"
    assert guest.received() == []


async def test_a_suspect_is_worked_after_its_neighbours_and_alone(guest: Guest, visitor: Guest) -> None:
    suspect, neighbour = stored(guest, f"Suspect {guest.id}"), stored(visitor, f"Neighbour {visitor.id}")
    turn_lease.claim(guest.id, suspect["message_id"], now_ms() - 1)
    guest.stack.model.script(hang=1, matching=f"Neighbour {visitor.id}")

    await invoke(guest.stack, suspect, neighbour, receives=2)

    said = [call.said for call in guest.stack.model.calls]
    assert said.index(f"Neighbour {visitor.id}") < said.index(f"Suspect {guest.id}")
    assert (await visitor.turn(neighbour, DELIVERED)).delivered_at <= (await guest.turn(suspect, DELIVERED)).answered_at


async def test_a_worker_that_is_overtaken_does_not_send(guest: Guest) -> None:
    """Its answer is refused when it is saved; the one who took the turn over goes on with its own."""
    message = stored(guest, f"Overtaken {guest.id}")
    late = turn_lease.claim(guest.id, message["message_id"], now_ms() - 1)
    await later()
    turn_lease.claim(guest.id, message["message_id"], now_ms() + 60_000)

    with pytest.raises(TurnLostError):
        turns.save_answer(late, "Too late", {})
    turn_lease.release(late, "model_server")
    current = await guest.turn(message, "received")
    assert current.leased_until > now_ms()


async def test_an_answer_sent_too_late_does_not_make_a_given_up_turn_a_delivered_one(guest: Guest) -> None:
    message = stored(guest, f"Too late for {guest.id}")
    late = turn_lease.claim(guest.id, message["message_id"], now_ms() - 1)
    turns.save_answer(late, "Too late", {})
    await later()
    turns.give_up(turn_lease.claim(guest.id, message["message_id"], now_ms() + 60_000), "telegram_request")

    with pytest.raises(TurnLostError):
        turns.mark_delivered(late, [1])
    assert (await guest.turn(message, "given_up")).delivered_at is None


async def test_a_late_403_does_not_silence_newer_messages(guest: Guest) -> None:
    await guest.chooses("mario")
    sent_at = now_ms()
    message = guest.unsent(f"I am back, says {guest.id}")
    guest.stack.model.script(hang=0.5, matching="nothing of this")
    await later()
    users.mark_blocked(guest.id, sent_at)
    turn = Turn(
        guest.id, message["message_id"], person_id=guest.id, update_id=1, sent_s=message["date"], received_at=now_ms()
    )
    turn.text, turn.character_id, turn.conversation_id = message["text"], "mario", f"{guest.id}:0:mario:0"
    turn_intake.receive(turn)

    await invoke(guest.stack, message)
    await guest.turn(message, DELIVERED)


async def test_an_answer_saved_by_a_worker_that_died_is_sent_and_not_bought_again(guest: Guest) -> None:
    message = stored(guest, f"Paid for by {guest.id}")
    turn = turn_lease.claim(guest.id, message["message_id"], now_ms() - 1)
    turns.save_answer(turn, "Paid for", {})
    await guest.turn(message, ANSWERED)
    await invoke(guest.stack, message)

    assert guest.texts() == ["Paid for"]
    assert calls_for(guest, message["text"]) == 0


async def test_an_answer_that_the_table_can_never_take_ends_in_an_apology(guest: Guest) -> None:
    """An outage is waited for; an item of more than 400 kB is none."""
    await guest.chooses("mario")
    guest.stack.model.script(text="And it rained. " * 1000, hang=1, matching="Too much?")
    message = guest.write("Too much?")
    await guest.stack.model.wait_for_call(lambda call: call.said == "Too much?")
    Turn(guest.id, message["message_id"]).update(actions=[Turn.text.set("x" * 405_000)])

    assert await guest.hears(2) == ENGLISH.apology
    assert (await guest.turn(message, FAILED)).failure == "model_unstorable"
