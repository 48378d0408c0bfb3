"""Messages of the bot's own: why no answer comes, a limit, an offer of the picker."""

from contextlib import suppress

from telegram import InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions
from telegram.error import TelegramError

from functions.llm_reply import settings
from functions.llm_reply.failures import (
    AGAINST_RULES,
    DEAF,
    GONE,
    LARGE_PICTURE,
    LONG_SOUND,
    PICTURE_REFUSED,
    REFUSED,
    STOPPED,
    UNDRAWN,
    UNHEARD,
    UNREADABLE_PICTURE,
)
from functions.llm_reply.formatting.split import split
from functions.llm_reply.messaging import bot_api
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DRAWING
from troupe.spending.limits import Limit
from troupe.telegram.buttons import picker_button
from troupe.telegram.callback_data import CallbackData
from troupe.telegram.texts import texts

# Failures that another try does not change, and the text that says so.
REASONS = {
    REFUSED.name: "refused",
    AGAINST_RULES.name: "against_rules",
    DEAF.name: "words_only",
    LONG_SOUND.name: "long_sound",
    UNHEARD.name: "unheard",
    UNDRAWN.name: "no_pictures",
    LARGE_PICTURE.name: "large_picture",
    UNREADABLE_PICTURE.name: "unreadable_picture",
    PICTURE_REFUSED.name: "picture_refused",
}


async def mention(turn: Turn, text: str) -> None:
    """Says something optional: a failure is ignored."""
    with suppress(TelegramError):
        await bot_api.say(int(turn.chat_id), text, turn.topic_id)


async def tell_unseen(turn: Turn, why: str) -> None:
    """:param why: blind, large_picture or unreadable_picture"""
    await mention(turn, getattr(texts(turn.language), why))


async def say_aside(turn: Turn, text: str) -> None:
    """Says something out of character, without a preview of its links.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    await bot_api.say(int(turn.chat_id), text, turn.topic_id, link_preview_options=LinkPreviewOptions(is_disabled=True))


async def say_sorry(chat_id: int, language: str, *, thread_id: int | None = None) -> None:
    """An apology without Retry, for a button or a command: the person can use it again."""
    with suppress(TelegramError):
        await bot_api.say(chat_id, texts(language).apology, thread_id)


async def offer_picker(chat_id: int, text: str, language: str | None, *, thread_id: int | None = None) -> None:
    """:raises telegram.error.TelegramError: see `failures.of_telegram`"""
    keyboard = InlineKeyboardMarkup.de_json(picker_button(settings.webapp_url, language), None)
    await bot_api.say(chat_id, text, thread_id, reply_markup=keyboard)


async def offer_cast(turn: Turn) -> None:
    """Offers the picker to a person who writes before they have chosen a character.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    await offer_picker(int(turn.chat_id), texts(turn.language).choose_first, turn.language, thread_id=turn.topic_id)


async def turn_away(turn: Turn) -> None:
    """:raises telegram.error.TelegramError: see `failures.of_telegram`"""
    said = texts(turn.language).uninvited.format(id=int(turn.person_id))
    await bot_api.say(int(turn.chat_id), said, turn.topic_id)


async def ask_for_words(turn: Turn) -> None:
    """:raises telegram.error.TelegramError: see `failures.of_telegram`"""
    await bot_api.say(int(turn.chat_id), texts(turn.language).words_only, turn.topic_id)


async def tell_limit(turn: Turn, limit: Limit, wait_ms: int, words: str = "") -> None:
    """With a Retry button, unless the answer comes by itself.

    :param words: the character's own, with {when} in them; without any, words that suit every character
    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    said = texts(turn.language)
    keyboard = None if limit is Limit.MINUTE else _retry_keyboard(turn)
    (part,) = split((words or said.limits[limit]).replace("{when}", said.after(wait_ms)))
    await bot_api.send(int(turn.chat_id), part, thread_id=turn.topic_id, keyboard=keyboard)


async def apologise(turn: Turn) -> None:
    """Says why there is no answer, with a Retry button if another try can help.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    said, chat_id = texts(turn.language), int(turn.chat_id)
    if turn.failure == GONE.name:
        await offer_picker(chat_id, said.character_gone, turn.language, thread_id=turn.topic_id)
    elif turn.failure in REASONS:
        await bot_api.say(chat_id, getattr(said, REASONS[str(turn.failure)]), turn.topic_id)
    else:
        of_answer, of_picture = (
            (said.stopped, said.no_drawing) if turn.failure == STOPPED.name else (said.apology, said.picture_failed)
        )
        words = of_picture if turn.kind == DRAWING else of_answer
        await bot_api.say(chat_id, words, turn.topic_id, reply_markup=_retry_keyboard(turn))


def _retry_keyboard(turn: Turn) -> InlineKeyboardMarkup:
    data = str(CallbackData("retry", (str(int(turn.message_id)),)))
    return InlineKeyboardMarkup([[InlineKeyboardButton(texts(turn.language).retry, callback_data=data)]])
