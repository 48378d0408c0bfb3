"""Before a person's first chat the bot says that an AI plays the characters, and asks for the person's age."""

import asyncio

from telegram import InlineKeyboardMarkup

from functions.llm_reply import settings
from functions.llm_reply.formatting.split import plain
from functions.llm_reply.messaging import bot_api
from troupe import user_marks
from troupe.age import Standing, standing
from troupe.telegram.buttons import age_buttons
from troupe.telegram.texts import texts
from troupe.users import User


async def tell_of_ai(user: User | None, chat_id: int, thread_id: int | None, language: str) -> None:
    """Once per person, unless /start has told them already. A death between message and record makes it come twice.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    if user and not user.told_of_ai_at:
        await bot_api.send_parts(chat_id, plain(texts(language).ai_notice), thread_id=thread_id)
        await asyncio.to_thread(user_marks.mark_told_of_ai, int(user.user_id))


async def may_chat(user: User | None, chat_id: int, thread_id: int | None, language: str | None) -> bool:
    """Whether the person may chat. If not, they are asked for their age, or told that they are too young.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    stands, said = standing(settings.least_age, user), texts(language)
    if stands is Standing.FINE:
        return True
    if stands is Standing.TOO_YOUNG:
        await bot_api.send_parts(chat_id, plain(said.too_young), thread_id=thread_id)
    else:
        question = plain(said.age_question.format(age=settings.least_age))
        keyboard = InlineKeyboardMarkup.de_json(age_buttons(settings.least_age, language), None)
        await bot_api.send_parts(chat_id, question, thread_id=thread_id, keyboard=keyboard)
    return False
