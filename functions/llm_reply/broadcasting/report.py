"""Tells the owner how many people a broadcast has reached."""

import asyncio

from functions.llm_reply.broadcasting.recipients import FAILED, LEFT, MUTED, SENT, UNSURE
from functions.llm_reply.formatting.split import plain
from functions.llm_reply.messaging import bot_api
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.queue_work.batch import Task
from troupe.broadcasts import CANCELLED, Broadcast
from troupe.conversations.jobs.owners import BroadcastJob
from troupe.telegram.owner_texts import owner_texts


async def report(broadcast: Broadcast, job: BroadcastJob, task: Task) -> None:
    """The owner is told once; twice if the worker dies between the message and its record.

    :raises PostponedError: Telegram could not take it just now
    """
    said = owner_texts(job.language)
    lines = [said.broadcast_stopped if broadcast.state == CANCELLED else said.broadcast_done]
    counts = {name: int(broadcast.counts.get(name, 0)) for name in (SENT, MUTED, LEFT, UNSURE, FAILED)}
    lines += [said.outcomes[name].format(count=count) for name, count in counts.items() if count or name == SENT]
    seconds = (int(broadcast.finished_at) - int(broadcast.started_at)) // 1000
    lines.append(said.broadcast_took.format(minutes=seconds // 60, seconds=seconds % 60))
    async with retried(job, task):
        await bot_api.send_parts(job.chat_id, plain("\n".join(lines)), thread_id=job.thread_id)
    await asyncio.to_thread(broadcast.note_report)
