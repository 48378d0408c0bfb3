"""Owners share, stop sharing and delete their characters by buttons."""

import asyncio

from functions.llm_reply.messaging import bot_api, bot_client, card_preview
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.queue_work.batch import Task
from troupe.characters import owned, sharing
from troupe.characters.access import share_payload
from troupe.conversations.jobs.characters import OwnerJob
from troupe.observability import count
from troupe.telegram.card_texts import card_texts


async def act_as_owner(job: OwnerJob, task: Task) -> None:
    """:raises PostponedError: Telegram could not take it just now"""
    async with retried(job, task):
        try:
            await _ACTIONS[job.action](job)
        except owned.UnknownCharacterError:
            await _say(job, card_texts(job.language).refusals["gone"])


async def _share(job: OwnerJob) -> None:
    token = await asyncio.to_thread(sharing.share, job.person_id, job.character_id)
    link = f"https://t.me/{await bot_client.username()}?start={share_payload(job.character_id, token)}"
    said = card_texts(job.language)
    keyboard = card_preview.sharing_keyboard(job.language, job.character_id)
    text = said.shared.format(name=await _name(job), link=link)
    await bot_api.send_picture(job.chat_id, None, text, thread_id=job.thread_id, keyboard=keyboard)
    count("CharactersShared")


async def _unshare(job: OwnerJob) -> None:
    await asyncio.to_thread(sharing.stop_sharing, job.person_id, job.character_id)
    await _say(job, card_texts(job.language).not_shared_any_more.format(name=await _name(job)))


async def _delete(job: OwnerJob) -> None:
    """A repeat finds nothing to delete, and says nothing again."""
    name = await _name(job)
    if not await asyncio.to_thread(owned.delete, job.person_id, job.character_id):
        raise owned.UnknownCharacterError(job.character_id)
    if job.message_id:
        await bot_api.quieten(job.chat_id, job.message_id)
    await _say(job, card_texts(job.language).deleted.format(name=name))
    count("CharactersDeleted")


_ACTIONS = {"share": _share, "unshare": _unshare, "delete": _delete}


async def _say(job: OwnerJob, text: str) -> None:
    await bot_api.send_picture(job.chat_id, None, text, thread_id=job.thread_id)


async def _name(job: OwnerJob) -> str:
    """:raises UnknownCharacterError: it is not theirs"""
    listed = await asyncio.to_thread(owned.listed_of, job.person_id)
    name = next((each.name for each in listed if each.character_id == job.character_id), None)
    if name is None:
        raise owned.UnknownCharacterError(job.character_id)
    return name
