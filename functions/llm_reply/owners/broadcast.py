"""/broadcast: a preview of the message, and the buttons that send and stop it."""

import asyncio
import re

from telegram import InlineKeyboardButton, InlineKeyboardMarkup

from functions.llm_reply.broadcasting.page import queue_page
from functions.llm_reply.broadcasting.recipients import mute_keyboard
from functions.llm_reply.formatting.split import OutgoingMessage, split
from functions.llm_reply.messaging import bot_api
from functions.llm_reply.owners.people import answer
from troupe import broadcasts
from troupe.broadcasts import Broadcast
from troupe.conversations.jobs.owners import OwnerCommandJob
from troupe.telegram.callback_data import CallbackData
from troupe.telegram.owner_texts import owner_texts

# "/broadcast ru: ..." is for people whose interface is in Russian.
FOR_LANGUAGE = re.compile(r"(?P<language>en|ru):\s*(?P<text>.*)", re.DOTALL | re.IGNORECASE)


async def broadcast(job: OwnerCommandJob) -> None:
    said = owner_texts(job.language)
    found = FOR_LANGUAGE.fullmatch(job.argument)
    language = found["language"].lower() if found else None
    text = found["text"] if found else job.argument
    parts = split(text)
    if len(parts) != 1:
        await answer(job, said.broadcast_too_long if parts else said.broadcast_usage)
        return
    draft = await asyncio.to_thread(broadcasts.draft, job.person_id, text, language)
    await bot_api.send(job.chat_id, parts[0], thread_id=job.thread_id, keyboard=mute_keyboard(language or job.language))
    question = said.broadcast_question.format(whom=said.audiences[language or "all"])
    keyboard = _keyboard(draft.id, send=said.broadcast_send, cancel=said.broadcast_cancel)
    await bot_api.send(job.chat_id, OutgoingMessage(question), thread_id=job.thread_id, keyboard=keyboard)


async def send(job: OwnerCommandJob) -> None:
    """Starts the broadcast that the owner has confirmed."""
    said, found = owner_texts(job.language), await asyncio.to_thread(Broadcast.of, job.argument)
    if found is None or not await asyncio.to_thread(found.start):
        await _show(job, said.broadcast_over)
        return
    await asyncio.to_thread(queue_page, found, job)
    await _show(job, said.broadcast_running, _keyboard(found.id, cancel=said.broadcast_stop))


async def cancel(job: OwnerCommandJob) -> None:
    """Stops a broadcast. A page that is being sent is still sent, and the report counts it."""
    said, found = owner_texts(job.language), await asyncio.to_thread(Broadcast.of, job.argument)
    if found is None or not await asyncio.to_thread(found.cancel):
        await _show(job, said.broadcast_over)
    elif found.started_at:
        await _show(job, said.broadcast_stopping)
    else:
        await _show(job, said.broadcast_cancelled)


async def _show(job: OwnerCommandJob, text: str, keyboard: InlineKeyboardMarkup | None = None) -> None:
    await bot_api.change(job.chat_id, job.message_id, OutgoingMessage(text), thread_id=job.thread_id, keyboard=keyboard)


def _keyboard(broadcast_id: str, **buttons: str) -> InlineKeyboardMarkup:
    """:param buttons: the text of each button by its action"""
    row = [
        InlineKeyboardButton(text, callback_data=str(CallbackData("broadcast", (broadcast_id, action))))
        for action, text in buttons.items()
    ]
    return InlineKeyboardMarkup([row])
