"""Undo: removes the messages of an exchange that was taken back."""

import asyncio

from functions.llm_reply.formatting.split import plain
from functions.llm_reply.jobs.remembering.index_correction import correct_index, drop_facts
from functions.llm_reply.messaging import bot_api
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.queue_work.batch import Task
from troupe.conversations.jobs.answering import RemoveJob
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import CONTINUE, WITHDRAWN
from troupe.telegram.texts import texts


async def remove(job: RemoveJob, task: Task) -> None:
    """Messages that Telegram keeps stay in the chat, and the person is told that the character forgets them anyway.

    :raises PostponedError: Telegram could not take it just now
    """
    turn = await asyncio.to_thread(Turn.find, job.chat_id, job.turn_id)
    if turn is None or turn.status != WITHDRAWN:
        return
    await correct_index(turn)
    await drop_facts(turn)
    # A turn that a button made has the id of the message that carries the button.
    by_button = turn.kind == CONTINUE or (turn.drawing or {}).get("by") == "button"
    words = [] if by_button else [job.turn_id]
    command = [job.command_id] if job.command_id else []
    async with retried(job, task):
        staying = await bot_api.remove_each(job.chat_id, sorted({*words, *turn.reply_ids, *turn.spoken_ids, *command}))
        if not staying:
            return
        for message_id in set(staying) & set(turn.reply_ids):
            await bot_api.quieten(job.chat_id, message_id)
        said = plain(texts(job.language).taken_back)
        await bot_api.send_parts(job.chat_id, said, thread_id=job.thread_id)
