"""Chats that people bring from other programs: shown with what is in them, then imported or dropped."""

import asyncio

from functions.llm_reply.jobs.importing.chat_partners import Partner, partners
from functions.llm_reply.jobs.importing.import_chat import import_chat
from functions.llm_reply.messaging import bot_api, chat_preview
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.queue_work.batch import Task
from functions.llm_reply.safety.moderation import Moderation
from troupe.brought_chats import place, shelf
from troupe.brought_chats.chat import BroughtChat
from troupe.conversations.jobs.brought_chats import BroughtChatJob, DropChatJob, ImportChatJob, ShowChatJob
from troupe.telegram.card_texts import card_texts
from troupe.users import User


async def work(job: BroughtChatJob, task: Task, moderation: Moderation) -> None:
    """:raises PostponedError: the job must come back"""
    match job:
        case ShowChatJob():
            await show_chat(job, task)
        case ImportChatJob():
            await import_chat(job, task, moderation)
        case DropChatJob():
            await drop_chat(job, task)


async def show_chat(job: ShowChatJob, task: Task) -> None:
    """:raises PostponedError: Telegram could not take it just now"""
    found = await asyncio.to_thread(shelf.find, job.person_id, job.digest)
    async with retried(job, task):
        if found is None:
            await bot_api.send_picture(
                job.chat_id, None, card_texts(job.language).refusals["chat_gone"], thread_id=job.thread_id
            )
            return
        chat, _ = found
        offered, certain = await asyncio.to_thread(_partners, job, chat)
        is_known = await asyncio.to_thread(place.was_imported, job.person_id, job.digest)
        partner = offered[0].name if certain else None
        text = chat_preview.chat_preview(chat, job.language, partner, is_known=is_known)
        choices = [(each.character_id, each.name) for each in offered]
        keyboard = chat_preview.import_keyboard(job.language, job.digest, choices, certain=certain)
        await bot_api.send_picture(job.chat_id, None, text, thread_id=job.thread_id, keyboard=keyboard)


async def drop_chat(job: DropChatJob, task: Task) -> None:
    """:raises PostponedError: Telegram could not take it just now"""
    await asyncio.to_thread(shelf.drop, job.person_id, job.digest)
    async with retried(job, task):
        await bot_api.quieten(job.chat_id, job.message_id)
        said = card_texts(job.language).chat_dropped
        await bot_api.send_picture(job.chat_id, None, said, thread_id=job.thread_id)


def _partners(job: ShowChatJob, chat: BroughtChat) -> tuple[list[Partner], bool]:
    return partners(job.person_id, User.find(job.person_id), chat.names, job.language)
