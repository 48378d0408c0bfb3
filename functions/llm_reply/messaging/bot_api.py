"""Sends, edits and removes messages."""

import re
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from telegram import InlineKeyboardMarkup, InputFile, LinkPreviewOptions, Message
from telegram.error import BadRequest, TelegramError

from functions.llm_reply.formatting.split import OutgoingMessage
from functions.llm_reply.messaging.bot_client import bot
from troupe.observability import count

# Matches TOPIC_CLOSED, TOPIC_DELETED, TOPIC_ID_INVALID, "message thread not found" and "the chat is not a forum".
ABOUT_TOPIC = re.compile("topic|thread|forum", re.IGNORECASE)


async def send(
    chat_id: int, part: OutgoingMessage, *, thread_id: int | None = None, keyboard: InlineKeyboardMarkup | None = None
) -> int:
    """Returns Telegram's id of the message. A part whose formatting Telegram refuses goes out plain.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    try:
        message = await say(chat_id, part.text, thread_id, reply_markup=keyboard, entities=part.entities)
    except BadRequest:
        if not part.entities:
            raise
        count("FormattingRefused")
        message = await say(chat_id, part.text, thread_id, reply_markup=keyboard)
    return message.message_id


async def send_parts(
    chat_id: int,
    parts: Sequence[OutgoingMessage],
    *,
    thread_id: int | None = None,
    keyboard: InlineKeyboardMarkup | None = None,
) -> list[int]:
    """Sends the parts in order, the keyboard under the last one. Returns Telegram's ids.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    last = len(parts) - 1
    return [
        await send(chat_id, part, thread_id=thread_id, keyboard=keyboard if number == last else None)
        for number, part in enumerate(parts)
    ]


async def send_picture(
    chat_id: int,
    picture: bytes | None,
    text: str,
    *,
    thread_id: int | None = None,
    keyboard: InlineKeyboardMarkup | None = None,
) -> int:
    """Sends a picture with its caption, or the text alone. Telegram fetches no link in the text: a person may have
    written it.

    Returns Telegram's id of the message.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    if picture is None:
        no_preview = LinkPreviewOptions(is_disabled=True)
        said = await say(chat_id, text, thread_id, reply_markup=keyboard, link_preview_options=no_preview)
        return said.message_id
    photo: dict[str, Any] = {"photo": picture, "caption": text, "reply_markup": keyboard}
    try:
        sent = await bot().send_photo(chat_id, message_thread_id=thread_id, **photo)
    except BadRequest as error:
        if not thread_id or not ABOUT_TOPIC.search(error.message):
            raise
        sent = await bot().send_photo(chat_id, **photo)
    return sent.message_id


async def send_file(chat_id: int, name: str, data: bytes, *, caption: str, thread_id: int | None = None) -> None:
    """:raises telegram.error.TelegramError: see `failures.of_telegram`"""
    file = InputFile(data, filename=name)
    try:
        await bot().send_document(chat_id, file, caption=caption, message_thread_id=thread_id)
    except BadRequest as error:
        if not thread_id or not ABOUT_TOPIC.search(error.message):
            raise
        await bot().send_document(chat_id, file, caption=caption)


async def say(chat_id: int, text: str, thread_id: int | None, **parameters: Any) -> Message:
    """Sends to the topic; to the chat itself if the topic is closed, deleted or no topic any more."""
    try:
        return await bot().send_message(chat_id, text, message_thread_id=thread_id, **parameters)
    except BadRequest as error:
        if not thread_id or not ABOUT_TOPIC.search(error.message):
            raise
        return await bot().send_message(chat_id, text, **parameters)


async def change(
    chat_id: int,
    message_id: int,
    part: OutgoingMessage,
    *,
    thread_id: int | None = None,
    keyboard: InlineKeyboardMarkup | None = None,
) -> int:
    """Edits a message, or sends a new one if the person has deleted it. Returns the id of the message that shows.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    to: dict[str, Any] = {"chat_id": chat_id, "message_id": message_id, "reply_markup": keyboard}
    try:
        await bot().edit_message_text(text=part.text, entities=part.entities, **to)
    except BadRequest as error:
        if "not modified" in error.message.lower():
            return message_id
        return await send(chat_id, part, thread_id=thread_id, keyboard=keyboard)
    return message_id


async def change_parts(
    chat_id: int,
    shown: Sequence[int],
    parts: Sequence[OutgoingMessage],
    *,
    thread_id: int | None = None,
    keyboard: InlineKeyboardMarkup | None = None,
) -> list[int]:
    """Puts the parts in the place of more or fewer messages. Returns the ids of the messages that show them.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    last, ids = len(parts) - 1, []
    for number, part in enumerate(parts):
        under: dict[str, Any] = {"thread_id": thread_id, "keyboard": keyboard if number == last else None}
        to = shown[number] if number < len(shown) else None
        ids.append(await (change(chat_id, to, part, **under) if to else send(chat_id, part, **under)))
    await remove(chat_id, shown[len(parts) :])
    return ids


async def quieten(chat_id: int, message_id: int) -> None:
    """Removes the buttons of a message that is no longer the newest. A failure is ignored."""
    with suppress(TelegramError):
        await bot().edit_message_reply_markup(chat_id, message_id)


async def remove(chat_id: int, message_ids: Sequence[int]) -> None:
    """Removes messages that a shorter answer no longer needs. If Telegram refuses, they stay."""
    if message_ids:
        with suppress(TelegramError):
            await bot().delete_messages(chat_id, message_ids)


async def remove_each(chat_id: int, message_ids: Sequence[int]) -> list[int]:
    """The ids of the messages that Telegram doesn't let the bot remove: those older than 48 hours.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    try:
        await bot().delete_messages(chat_id, message_ids)
    except BadRequest:
        return [message_id for message_id in message_ids if not await _removed(chat_id, message_id)]
    return []


async def _removed(chat_id: int, message_id: int) -> bool:
    try:
        await bot().delete_message(chat_id, message_id)
    except BadRequest as error:
        return "not found" in error.message.lower()
    return True
