"""The character that was just chosen greets the person, or welcomes them back to where they stopped."""

import asyncio

from pynamodb.expressions.update import Action
from telegram import InlineKeyboardMarkup
from telegram.error import TelegramError

from functions.llm_reply import settings
from functions.llm_reply.failures import DELIVERY_MS, of_telegram
from functions.llm_reply.formatting.split import split
from functions.llm_reply.messaging import bot_api
from functions.llm_reply.messaging.delivery import until_stored
from functions.llm_reply.messaging.greetings import greetings, welcome_back
from functions.llm_reply.messaging.keyboards import greeting_keyboard
from functions.llm_reply.outcome_metrics import telegram_failed
from functions.llm_reply.prompting.cards import card_of
from functions.llm_reply.queue_work.batch import PostponedError, Task
from troupe import users
from troupe.characters.card import Card
from troupe.conversations.conversation import Conversation, conversation_id
from troupe.conversations.jobs import GreetJob
from troupe.observability import count
from troupe.telegram.texts import texts
from troupe.users import User, now_ms

# The language of the menu button that everybody has.
OF_ALL = "en"


async def greet(job: GreetJob, task: Task) -> None:
    """Once per choice, but for the window between the send and its record.

    :raises PostponedError: Telegram could not take it just now
    """
    user, card, known = await asyncio.to_thread(_read, job)
    if known and job.correlation_id and known.greeted_for == job.correlation_id:
        count("JobsRepeated")
        return
    if task.left_s() < settings.telegram_timeout_s:
        raise PostponedError(0)
    began = now_ms()
    try:
        if card is None:
            said = texts(job.language).character_gone
            await bot_api.offer_picker(job.chat_id, said, job.language, thread_id=job.thread_id)
            return
        text, keyboard = _words(card, job, user, known)
        *first, last = split(text)
        for part in first:
            await bot_api.send(job.chat_id, part, thread_id=job.thread_id)
        message_id = await bot_api.send(job.chat_id, last, thread_id=job.thread_id, keyboard=keyboard)
    except TelegramError as error:
        failure = of_telegram(error)
        telegram_failed(failure)
        if failure.unreachable:
            await asyncio.to_thread(users.mark_blocked, job.chat_id, began)
        if failure.retry and task.age_s * 1000 < DELIVERY_MS:
            raise PostponedError(failure.wait_s(task.receive_count)) from error
        return
    await until_stored(_remember, job, text, message_id)
    if known is None and job.language != OF_ALL:
        await bot_api.label_menu_button(job.chat_id, job.language)
    count("GreetingsSent")


def _read(job: GreetJob) -> tuple[User | None, Card | None, Conversation | None]:
    name = conversation_id(job.chat_id, job.thread_id, job.character_id, job.generation)
    return User.find(job.chat_id), card_of(job.character_id), Conversation.find(name)


def _words(
    card: Card, job: GreetJob, user: User | None, known: Conversation | None
) -> tuple[str, InlineKeyboardMarkup | None]:
    if known and known.greeted_at:
        return welcome_back(card, job.language, user), None
    said = greetings(card, job.language, user)
    return said[0], greeting_keyboard(job.language, shown=0, many=len(said), generation=job.generation)


def _remember(job: GreetJob, greeting: str, message_id: int) -> None:
    name = conversation_id(job.chat_id, job.thread_id, job.character_id, job.generation)
    actions: list[Action] = [
        Conversation.greeting.set(Conversation.greeting | greeting),
        Conversation.greeted_at.set(Conversation.greeted_at | now_ms()),
        Conversation.greeting_message_id.set(Conversation.greeting_message_id | message_id),
        Conversation.greeted_for.set(job.correlation_id),
    ]
    Conversation(name).update(actions=actions)
