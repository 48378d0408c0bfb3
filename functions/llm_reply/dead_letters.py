"""The last net: jobs that the queue gave up, and jobs that no code here can read. Whoever waits for them is told."""

import asyncio

from functions.llm_reply.batch import PostponedError, Task
from functions.llm_reply.delivery import apologise, give_up
from functions.llm_reply.failures import DEAD_LETTER
from functions.llm_reply.greet import greet
from functions.llm_reply.holding import held
from troupe.conversations import turns
from troupe.conversations.jobs import ControlJob, GreetJob, MalformedJobError, RememberJob, named_turn, parse
from troupe.conversations.turns import Turn, TurnLostError
from troupe.observability import correlate, count, logger

# What stays is for the operator. It is looked at again twice a day, until the queue forgets it.
UNTIL_NEXT_LOOK_S = 12 * 3600 - 300


async def work_dead_letter(task: Task) -> None:
    """Apologises, with a Retry button that makes a fresh job, and closes the turn. A greeting gets another try.

    :raises PostponedError: Telegram could not take it just now; or the job names no turn and stays where it is
    """
    body = task.record["body"]
    try:
        job = parse(body)
    except MalformedJobError as error:
        found = named_turn(body)
        logger.error("Malformed job in the dead-letter queue", extra={"reason": str(error), "named": found is not None})
        if found is None or await asyncio.to_thread(turns.Turn.find, *found) is None:
            raise PostponedError(UNTIL_NEXT_LOOK_S) from error
    else:
        correlate(job.correlation_id)
        if isinstance(job, RememberJob | ControlJob):
            # Nothing is lost: the next answer has the turns folded; a button can be pressed again.
            return
        if isinstance(job, GreetJob):
            await greet(job, task)
            return
        if isinstance(job, RememberJob):
            # Nobody waits for it, and the next answer asks for it again.
            return
        found = job.chat_id, job.message_id
    try:
        async with held(*found, task) as turn:
            await _end(turn, task)
    except TurnLostError:
        count("JobsRepeated")


async def _end(turn: Turn, task: Task) -> None:
    if turn.status != turns.GIVEN_UP:
        await give_up(turn, DEAD_LETTER)
    await apologise(turn, task)
