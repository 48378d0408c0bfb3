"""Voice messages: sent, and refused by people who forbid them."""

import asyncio
import re
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from telegram import InlineKeyboardMarkup, InputFile, Message, ReplyParameters
from telegram.error import BadRequest, TelegramError

from functions.llm_reply.failures import of_telegram
from functions.llm_reply.messaging.bot_api import ABOUT_TOPIC
from functions.llm_reply.messaging.bot_client import bot

# VOICE_MESSAGES_FORBIDDEN is the server's name for it; clients and other Bot API servers word it.
FORBIDDEN = re.compile(
    r"voice[ _]messages?[ _]forbidden|(restrict|forb[ai]d|not allowed).{0,60}voice|voice.{0,60}(restrict|not allowed)",
    re.IGNORECASE,
)
# Sends of one sound, and the seconds between two. Another delivery of the job would have it made, and paid for, again.
MAX_SENDS, MAX_PAUSE_S = 3, 3


def is_forbidden(error: TelegramError) -> bool:
    """Whether the person, or the chat, takes no voice messages."""
    return isinstance(error, BadRequest) and bool(FORBIDDEN.search(error.message))


async def send_voice(
    chat_id: int,
    sound: bytes | str,
    seconds: float,
    *,
    thread_id: int | None = None,
    keyboard: InlineKeyboardMarkup | None = None,
    reply_to: int | None = None,
) -> dict[str, Any]:
    """Returns what a turn's row keeps of the voice message: {"id", "file_id", "seconds"}.

    :param sound: Opus in Ogg; or Telegram's id of a file that it has already
    :raises telegram.error.TelegramError: see `failures.of_telegram`, and `is_forbidden`
    """
    voice = InputFile(sound, filename="voice.ogg") if isinstance(sound, bytes) else sound
    told: dict[str, Any] = {"duration": max(1, round(seconds)), "reply_markup": keyboard}
    if reply_to:
        told["reply_parameters"] = ReplyParameters(reply_to, allow_sending_without_reply=True)
    message = await _patiently(partial(_in_topic, chat_id, voice, thread_id, told))
    # A file that Telegram does not take for a voice is a document, or music.
    file = message.voice or message.audio or message.document
    return {"id": message.message_id, "file_id": file.file_id if file else "", "seconds": round(seconds, 1)}


async def _patiently(send: Callable[[], Awaitable[Message]]) -> Message:
    sends = 1
    while True:
        try:
            return await send()
        except TelegramError as error:
            failure = of_telegram(error)
            wait_s = failure.after_s or 1
            if sends == MAX_SENDS or not failure.retry or wait_s > MAX_PAUSE_S:
                raise
            sends += 1
            await asyncio.sleep(wait_s)


async def _in_topic(chat_id: int, voice: InputFile | str, thread_id: int | None, told: dict[str, Any]) -> Message:
    try:
        return await bot().send_voice(chat_id, voice, message_thread_id=thread_id, **told)
    except BadRequest as error:
        if not thread_id or not ABOUT_TOPIC.search(error.message):
            raise
        return await bot().send_voice(chat_id, voice, **told)
