"""Sends the words of an answer that came as a voice message, for a person who can't listen just now."""

import asyncio

from functions.llm_reply.formatting.split import split
from functions.llm_reply.messaging import bot_api
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.queue_work.batch import Task
from troupe.conversations import turn_records
from troupe.conversations.jobs.answering import WriteOutJob
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED
from troupe.observability import count


async def write_out(job: WriteOutJob, task: Task) -> None:
    """A death between sending and the note makes the words show twice.

    :raises PostponedError: Telegram could not take it just now
    """
    turn = await asyncio.to_thread(Turn.find, job.chat_id, job.turn_id)
    if turn is None or turn.status != DELIVERED or not turn.answer:
        return
    if turn.written_ids:
        count("JobsRepeated")
        return
    async with retried(job, task):
        sent = await bot_api.send_parts(job.chat_id, split(turn.answer), thread_id=job.thread_id)
        if not await asyncio.to_thread(turn_records.record_words, turn, sent):
            await bot_api.remove(job.chat_id, sent)
