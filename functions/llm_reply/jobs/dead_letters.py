"""The last net: jobs that the queue gave up, and jobs that no code here can read. Whoever waits for them is told.

The clock has the function look for them. An event source mapping would find them at once, and poll an empty queue all
month for it, which alone takes two thirds of the requests that are free.
"""

import asyncio

from functions.llm_reply import settings
from functions.llm_reply.failures import DEAD_LETTER
from functions.llm_reply.jobs.greet import greet
from functions.llm_reply.messaging.delivery import apologise, give_up
from functions.llm_reply.queue_work import queue
from functions.llm_reply.queue_work.batch import GRACE_S, PostponedError, Task, work_batch
from functions.llm_reply.queue_work.lease import leased_turn
from troupe.clock import monotonic_s
from troupe.conversations.jobs import AnswerJob, GreetJob, MalformedJobError, named_turn, parse
from troupe.conversations.turn import GIVEN_UP, Turn, TurnLostError
from troupe.observability import correlate, count, logger

# What stays is for the operator. It is looked at again twice a day, until the queue forgets it.
UNTIL_NEXT_LOOK_S = 12 * 3600 - 300


async def look(deadline: float) -> None:
    """Works what lies there until nothing more does, or the time that is left would not do to tell anybody.

    :raises troupe.tables.ERRORS: the queue can't be read; AWS invokes again soon, and the clock anyway
    """
    while (left_s := deadline - monotonic_s()) > settings.telegram_timeout_s:
        found = await asyncio.to_thread(queue.dead_letters, left_s + GRACE_S)
        if not found:
            return
        staying = set(await work_batch(found, work_dead_letter, deadline))
        done = [record for record in found if record["messageId"] not in staying]
        if done:
            await asyncio.to_thread(queue.delete, done)


async def work_dead_letter(task: Task) -> None:
    """Apologises, with a Retry button that makes a fresh job, and closes the turn. A greeting gets another try.

    :raises PostponedError: Telegram could not take it just now; or the job names no turn and stays where it is
    """
    try:
        job = parse(task.record["body"])
    except MalformedJobError as error:
        logger.error("Malformed job in the dead-letter queue", extra={"reason": str(error)})
        if not await end_unread(task):
            raise PostponedError(UNTIL_NEXT_LOOK_S) from error
        return
    correlate(job.correlation_id)
    if isinstance(job, AnswerJob):
        await _end(job.chat_id, job.message_id, task)
    elif isinstance(job, GreetJob):
        await greet(job, task)
    # Of the others nothing is lost: the next answer has the turns folded; a button can be pressed again.


async def end_unread(task: Task) -> bool:
    """For a job that no code here can read: False if it does not even name somebody who waits.

    :raises PostponedError: Telegram could not take the apology just now
    """
    found = named_turn(task.record["body"])
    if found is None or await asyncio.to_thread(Turn.find, *found) is None:
        return False
    await _end(*found, task)
    return True


async def _end(chat_id: int, message_id: int, task: Task) -> None:
    try:
        async with leased_turn(chat_id, message_id, task) as turn:
            if turn.status != GIVEN_UP:
                await give_up(turn, DEAD_LETTER)
            await apologise(turn, task)
    except TurnLostError:
        count("JobsRepeated")
