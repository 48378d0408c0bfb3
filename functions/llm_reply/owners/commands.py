"""The owners' commands by name."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import replace

from functions.llm_reply import settings
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.owners import allowance, broadcast, invitations, people, stats
from functions.llm_reply.queue_work.batch import Task
from troupe.conversations import kept_words
from troupe.conversations.jobs.owners import OwnerCommandJob

Obey = Callable[[OwnerCommandJob], Awaitable[None]]

COMMANDS: dict[str, Obey] = {
    "stats": stats.stats,
    "block": people.block,
    "unblock": people.unblock,
    "limit": allowance.limit,
    "invite": invitations.invite,
    "broadcast": broadcast.broadcast,
    "broadcast_send": broadcast.send,
    "broadcast_cancel": broadcast.cancel,
}


async def obey(job: OwnerCommandJob, task: Task) -> None:
    """Does nothing for a person who is no owner any more.

    :raises PostponedError: Telegram could not take the answer just now
    """
    if not settings.policy.is_owner(job.person_id):
        return
    if not job.words_id:
        await _obey(job, task)
    elif kept := await asyncio.to_thread(kept_words.find, job.chat_id, job.words_id):
        await _obey(replace(job, argument=str(kept.text)), task)
        await asyncio.to_thread(kept_words.forget, job.chat_id, job.words_id)


async def _obey(job: OwnerCommandJob, task: Task) -> None:
    """:raises PostponedError: as above"""
    async with retried(job, task):
        try:
            await COMMANDS[job.command](job)
        except people.NobodyMeantError as unclear:
            await people.answer(job, str(unclear))
