"""Dead letters: jobs that the queue gave up, and jobs that this code can't read. People who wait for them are told.

An EventBridge rule has the function look for them. An event source mapping would find them at once, and would poll an
empty queue all month: two thirds of SQS's free requests.
"""

import asyncio
from functools import partial

from functions.llm_reply import settings
from functions.llm_reply.broadcasting.page import send_page
from functions.llm_reply.failures import DEAD_LETTER
from functions.llm_reply.jobs.greet import greet
from functions.llm_reply.llm.booked_model import BookedModel
from functions.llm_reply.messaging import notices
from functions.llm_reply.messaging.endings import apologise, do_without
from functions.llm_reply.messaging.turning_away import turn_away
from functions.llm_reply.queue_work import queue
from functions.llm_reply.queue_work.batch import PostponedError, Task, work_batch
from functions.llm_reply.queue_work.hiding import GRACE_S
from functions.llm_reply.queue_work.lease import leased_turn
from functions.llm_reply.welcome import is_welcome
from troupe import tables
from troupe.admission import Admission
from troupe.clock import monotonic_s
from troupe.conversations.jobs.answering import AnswerJob, GreetJob, SpeakJob
from troupe.conversations.jobs.brought_chats import BroughtChatJob
from troupe.conversations.jobs.characters import CardFileJob, CharacterJob, SuggestJob
from troupe.conversations.jobs.owners import BroadcastJob
from troupe.conversations.jobs.parsing import MalformedJobError, named_turn, parse
from troupe.conversations.jobs.privacy import EraseJob, ForgetEventsJob
from troupe.conversations.jobs.remembering import DescribeJob, SummarizeJob
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import GIVEN_UP, TurnLostError
from troupe.observability import correlate, count, logger

# A letter that names no turn stays for the operator. It is looked at twice a day until it expires.
UNTIL_NEXT_LOOK_S = 12 * 3600 - 300


async def look(deadline: float, model: BookedModel) -> None:
    """Works dead letters until the queue is empty or too little time is left to send an apology.

    :raises troupe.tables.ERRORS: the queue can't be read; Lambda retries the event, and the next one comes anyway
    """
    while (left_s := deadline - monotonic_s()) > settings.telegram_timeout_s:
        found = await asyncio.to_thread(queue.dead_letters, left_s + GRACE_S)
        if not found:
            return
        staying = set(await work_batch(found, partial(work_dead_letter, model=model), keep, deadline))
        done = [record for record in found if record["messageId"] not in staying]
        if done:
            await asyncio.to_thread(queue.delete, done)


async def work_dead_letter(task: Task, model: BookedModel) -> None:
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
    elif isinstance(job, BroadcastJob):
        await send_page(job, task)
    elif isinstance(job, GreetJob) and await is_welcome(job.person_id):
        await greet(job, task, model)
    elif isinstance(job, CardFileJob | CharacterJob | BroughtChatJob):
        await notices.say_sorry(job.chat_id, job.language, thread_id=job.thread_id)
    elif isinstance(job, EraseJob):
        # An erasure that has begun must be finished.
        from functions.llm_reply.jobs.erase import erase  # noqa: PLC0415 - a rare job's module

        await erase(job, task)
    # Nothing is lost with the other kinds: the next answer queues the summary again, and a button can be pressed again.


async def keep(_task: Task) -> None:
    """Leaves a dead letter that breaks the code to the operator.

    :raises PostponedError: always, so that the letter stays
    """
    raise PostponedError(UNTIL_NEXT_LOOK_S)


async def end_broken(task: Task) -> None:
    """Ends a job that fails at every try: tells the person who waits, and keeps a copy for the operator.

    :raises PostponedError: Telegram could not take the apology just now
    """
    try:
        job = parse(task.record["body"])
    except MalformedJobError:
        job = None
    if isinstance(job, AnswerJob):
        try:
            await _end(job.chat_id, job.message_id, task)
        except tables.ERRORS as error:
            if not tables.never_succeeds(error):
                raise
            logger.exception("The turn of a broken job can't be closed")
    elif job and not isinstance(job, SummarizeJob | DescribeJob | SuggestJob | SpeakJob | ForgetEventsJob):
        await notices.say_sorry(job.chat_id, job.language, thread_id=job.thread_id)
    await asyncio.to_thread(queue.bury, task.record)


async def end_unread(task: Task) -> bool:
    """Apologises for a job that this code can't read. False if the job names no stored turn.

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
            if not await is_welcome(int(turn.person_id)):
                await turn_away(turn, Admission.BANNED, (), task)
                return
            if turn.status != GIVEN_UP:
                await do_without(turn, DEAD_LETTER)
            if turn.status == GIVEN_UP:
                await apologise(turn, task)
    except TurnLostError:
        count("JobsRepeated")
