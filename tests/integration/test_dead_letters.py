"""How dead letters are looked for: all of them, in time, and those that nobody can read not all the time."""

from dataclasses import replace

import pytest

from local.invocation import LocalFunction
from local.simulator.faults import Fault
from tests.integration.guest import Guest, eventually
from tests.integration.letters import STRIKE, bury, look, reply_function, unseen
from troupe.conversations.jobs.answering import AnswerJob
from troupe.conversations.jobs.kinds import Job
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.jobs.remembering import MemoryJob, SummarizeJob
from troupe.conversations.turn_states import DELIVERED
from troupe.telegram.texts import ENGLISH

pytestmark = pytest.mark.asyncio(loop_scope="session")

# More than SQS hands out at once, twice over.
MANY = 25
# Telegram alone may take 12 s for a message, and three are kept for giving back.
TOO_SHORT_S = 14
HALF_A_DAY_S = 12 * 3600


def unimportant(guest: Guest, number: int = 0) -> SummarizeJob:
    """Nobody waits for it: it is done as soon as it has been seen."""
    return SummarizeJob(
        person_id=guest.id,
        chat_id=guest.id,
        conversation_id=f"{guest.id}:0:mario:0",
        character_id="mario",
        through_id=number,
        summarised_through=0,
    )


async def test_one_look_is_for_all_of_them(guest: Guest) -> None:
    for number in range(MANY):
        bury(guest.stack, f"{guest.id} {number}", unimportant(guest, number))

    await look(guest.stack)

    assert unseen(guest.stack) == 0


async def test_a_look_with_too_little_time_to_tell_anybody_takes_nothing_up(guest: Guest) -> None:
    bury(guest.stack, guest.id, unimportant(guest))

    await LocalFunction.load(replace(reply_function(guest.stack), timeout=TOO_SHORT_S)).invoke(STRIKE)

    assert unseen(guest.stack) == 1
    await look(guest.stack)
    assert unseen(guest.stack) == 0


async def test_a_greeting_gets_another_try(guest: Guest) -> None:
    bury(guest.stack, guest.id, guest.greet_job("mario"))

    await look(guest.stack)

    assert "Mario" in await guest.hears(1)


async def test_a_dead_letter_that_telegram_cannot_take_now_is_left_to_a_later_look(guest: Guest) -> None:
    guest.stack.simulator.faults.add(Fault("sendMessage", guest.id, error_code=429, retry_after=1))
    bury(guest.stack, guest.id, guest.greet_job("mario"))

    await look(guest.stack)

    assert guest.received() == []
    await eventually(lambda: unseen(guest.stack) or None)
    await look(guest.stack)
    assert "Mario" in await guest.hears(1)


async def test_an_unreadable_dead_letter_is_hidden_from_most_looks(guest: Guest, hidden: list[int]) -> None:
    bury(guest.stack, guest.id, {"what": "is this"})

    await look(guest.stack)

    held, until_next = hidden
    # As long as the look may last, should its worker die. Then until the operator has had half a day.
    assert 50 < held < 62
    assert HALF_A_DAY_S - 600 < until_next < HALF_A_DAY_S
    assert unseen(guest.stack) == 0


async def test_a_job_that_nobody_can_read_goes_to_the_dead_letters_and_holds_up_no_later_one(guest: Guest) -> None:
    guest.stack.aws.sqs.send_message(
        QueueUrl=guest.stack.names["ReplyQueue"],
        MessageBody="{}",
        MessageGroupId=str(guest.id),
        MessageDeduplicationId=f"unreadable {guest.id}",
    )
    assert "Mario" in await guest.chooses("mario")

    assert await eventually(lambda: unseen(guest.stack) or None) == 1
    await look(guest.stack)


@pytest.mark.parametrize("broken", ["no table takes this key", "no table takes this number"])
async def test_a_job_that_breaks_each_time_is_given_up_told_and_kept_and_holds_up_no_later_one(
    guest: Guest, broken: str
) -> None:
    await guest.chooses("mario")
    job: Job
    if "key" in broken:
        job = MemoryJob(person_id=guest.id, chat_id=guest.id, conversation_id="", character_id="mario", language="en")
    else:
        job = AnswerJob(person_id=guest.id, chat_id=guest.id, message_id=10**56)
    enqueue(job, f"broken {guest.id}")

    await guest.turn(guest.write("Are you still there?"), DELIVERED)
    assert (ENGLISH.apology in guest.texts()) == ("key" in broken)
    assert await eventually(lambda: unseen(guest.stack) or None) == 1
    await look(guest.stack)
