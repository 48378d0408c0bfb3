"""Telegram's Bot API: sends, edits and removes messages."""

import logging
import re
from collections.abc import Sequence
from contextlib import suppress
from functools import cache
from typing import Any

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, InputFile, LinkPreviewOptions, Message
from telegram.error import BadRequest, TelegramError
from telegram.request import HTTPXRequest

from functions.llm_reply import settings
from functions.llm_reply.failures import (
    AGAINST_RULES,
    DEAF,
    GONE,
    LONG_SOUND,
    PICTURE_REFUSED,
    REFUSED,
    STOPPED,
    UNDRAWN,
    UNHEARD,
)
from functions.llm_reply.formatting.split import OutgoingMessage, split
from functions.llm_reply.trust import tls
from troupe.conversations.turn import DRAWING, Turn
from troupe.observability import count
from troupe.spending.limits import Limit
from troupe.telegram.buttons import picker_button
from troupe.telegram.callback_data import CallbackData
from troupe.telegram.texts import texts

# The client logs a response that is no JSON whole, at ERROR, and Telegram's responses repeat the message.
logging.getLogger("telegram").setLevel(logging.CRITICAL)
# Failures that another try does not change, and the text that says so.
REASONS = {
    REFUSED.name: "refused",
    AGAINST_RULES.name: "against_rules",
    DEAF.name: "words_only",
    LONG_SOUND.name: "long_sound",
    UNHEARD.name: "unheard",
    UNDRAWN.name: "no_pictures",
    PICTURE_REFUSED.name: "picture_refused",
}
# TOPIC_CLOSED, TOPIC_DELETED, TOPIC_ID_INVALID, "message thread not found", "the chat is not a forum", and later names.
ABOUT_TOPIC = re.compile("topic|thread|forum", re.IGNORECASE)

_whole = settings.telegram_timeout_s
_request = HTTPXRequest(
    connection_pool_size=50,
    pool_timeout=0.05 * _whole,
    connect_timeout=0.25 * _whole,
    write_timeout=0.2 * _whole,
    read_timeout=0.5 * _whole,
    httpx_kwargs={"verify": tls},
)


@cache
def bot() -> Bot:
    """Never initialised: that would cost a getMe per cold start, and sending needs none of it."""
    return Bot(
        settings.telegram_bot_token(),
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=_request,
        # Without it the library makes a second client for updates, which this function never gets.
        get_updates_request=_request,
    )


async def reach() -> None:
    """Opens a connection, with a request that holds no token.

    :raises telegram.error.NetworkError: Telegram can't be reached
    """
    await _request.do_request(settings.telegram_api_url, "GET")


async def send(
    chat_id: int, part: OutgoingMessage, *, thread_id: int | None = None, keyboard: InlineKeyboardMarkup | None = None
) -> int:
    """Returns Telegram's id of the message. A part whose formatting Telegram refuses goes out plain.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    try:
        message = await _say(chat_id, part.text, thread_id, reply_markup=keyboard, entities=part.entities)
    except BadRequest:
        if not part.entities:
            raise
        count("FormattingRefused")
        message = await _say(chat_id, part.text, thread_id, reply_markup=keyboard)
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
    """A picture with its caption, or the text alone. The text is somebody's own: Telegram fetches no link in it.

    Returns Telegram's id of the message.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    if picture is None:
        no_preview = LinkPreviewOptions(is_disabled=True)
        said = await _say(chat_id, text, thread_id, reply_markup=keyboard, link_preview_options=no_preview)
        return said.message_id
    photo: dict[str, Any] = {"photo": picture, "caption": text, "reply_markup": keyboard}
    try:
        sent = await bot().send_photo(chat_id, message_thread_id=thread_id, **photo)
    except BadRequest as error:
        if not thread_id or not ABOUT_TOPIC.search(error.message):
            raise
        sent = await bot().send_photo(chat_id, **photo)
    return sent.message_id


async def username() -> str:
    """The bot's own name, without "@".

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    return str((await bot().get_me()).username)


async def send_file(chat_id: int, name: str, data: bytes, *, caption: str, thread_id: int | None = None) -> None:
    """:raises telegram.error.TelegramError: see `failures.of_telegram`"""
    file = InputFile(data, filename=name)
    try:
        await bot().send_document(chat_id, file, caption=caption, message_thread_id=thread_id)
    except BadRequest as error:
        if not thread_id or not ABOUT_TOPIC.search(error.message):
            raise
        await bot().send_document(chat_id, file, caption=caption)


async def _say(chat_id: int, text: str, thread_id: int | None, **parameters: Any) -> Message:
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
    """Puts the parts in the place of messages of which there may be more or fewer. Returns the ids of those that show.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    last, ids = len(parts) - 1, []
    for number, part in enumerate(parts):
        under: dict[str, Any] = {"thread_id": thread_id, "keyboard": keyboard if number == last else None}
        to = shown[number] if number < len(shown) else None
        ids.append(await (change(chat_id, to, part, **under) if to else send(chat_id, part, **under)))
    await remove(chat_id, shown[len(parts) :])
    return ids


async def mention(turn: Turn, text: str) -> None:
    """Says something optional: a failure is ignored."""
    with suppress(TelegramError):
        await _say(int(turn.chat_id), text, turn.topic_id)


async def say_aside(turn: Turn, text: str) -> None:
    """Says something out of character, without a preview of its links.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    await _say(int(turn.chat_id), text, turn.topic_id, link_preview_options=LinkPreviewOptions(is_disabled=True))


async def say_sorry(chat_id: int, language: str, *, thread_id: int | None = None) -> None:
    """An apology without Retry, for a button or a command: the person can use it again."""
    with suppress(TelegramError):
        await _say(chat_id, texts(language).apology, thread_id)


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


async def offer_picker(chat_id: int, text: str, language: str | None, *, thread_id: int | None = None) -> None:
    """:raises telegram.error.TelegramError: see `failures.of_telegram`"""
    keyboard = InlineKeyboardMarkup.de_json(picker_button(settings.webapp_url, language), None)
    await _say(chat_id, text, thread_id, reply_markup=keyboard)


async def offer_cast(turn: Turn) -> None:
    """Offers the picker to a person who writes before they have chosen a character.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    await offer_picker(int(turn.chat_id), texts(turn.language).choose_first, turn.language, thread_id=turn.topic_id)


async def turn_away(turn: Turn) -> None:
    """:raises telegram.error.TelegramError: see `failures.of_telegram`"""
    said = texts(turn.language).uninvited.format(id=int(turn.person_id))
    await _say(int(turn.chat_id), said, turn.topic_id)


async def ask_for_words(turn: Turn) -> None:
    """:raises telegram.error.TelegramError: see `failures.of_telegram`"""
    await _say(int(turn.chat_id), texts(turn.language).words_only, turn.topic_id)


async def tell_limit(turn: Turn, limit: Limit, wait_ms: int, words: str = "") -> None:
    """With a Retry button, unless the answer comes by itself.

    :param words: the character's own, with {when} in them; without any, words that suit every character
    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    said = texts(turn.language)
    keyboard = None if limit is Limit.MINUTE else _retry_keyboard(turn)
    (part,) = split((words or said.limits[limit]).replace("{when}", said.after(wait_ms)))
    await send(int(turn.chat_id), part, thread_id=turn.topic_id, keyboard=keyboard)


async def apologise(turn: Turn) -> None:
    """Says why there is no answer, with a Retry button if another try can help.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    said, chat_id = texts(turn.language), int(turn.chat_id)
    if turn.failure == GONE.name:
        await offer_picker(chat_id, said.character_gone, turn.language, thread_id=turn.topic_id)
    elif turn.failure in REASONS:
        await _say(chat_id, getattr(said, REASONS[str(turn.failure)]), turn.topic_id)
    else:
        words = (
            (said.no_drawing if turn.kind == DRAWING else said.stopped)
            if turn.failure == STOPPED.name
            else said.apology
        )
        await _say(chat_id, words, turn.topic_id, reply_markup=_retry_keyboard(turn))


def _retry_keyboard(turn: Turn) -> InlineKeyboardMarkup:
    data = str(CallbackData("retry", (str(int(turn.message_id)),)))
    return InlineKeyboardMarkup([[InlineKeyboardButton(texts(turn.language).retry, callback_data=data)]])
