"""The character that was just chosen greets the person, or welcomes them back to a conversation they had before."""

import asyncio
from collections.abc import Sequence
from typing import Any

from pynamodb.attributes import Attribute
from pynamodb.expressions.update import Action
from telegram import InlineKeyboardMarkup

from functions.llm_reply import settings
from functions.llm_reply.formatting.split import split
from functions.llm_reply.jobs.opening import improvise
from functions.llm_reply.jobs.speaking.delivering import queue_greeting_voice
from functions.llm_reply.llm.booked_model import BookedModel
from functions.llm_reply.messaging import bot_api, notices
from functions.llm_reply.messaging.first_contact import may_chat, tell_of_ai
from functions.llm_reply.messaging.greetings import Greeting, greetings, welcome_back
from functions.llm_reply.messaging.keyboards import greeting_keyboard
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.prompting.cards import card_for
from functions.llm_reply.queue_work.batch import PostponedError, Task
from functions.llm_reply.queue_work.storing import until_stored
from troupe.characters.card import Card
from troupe.clock import now_ms
from troupe.conversations.conversation import Conversation, conversation_id
from troupe.conversations.jobs.answering import GreetJob
from troupe.observability import count
from troupe.retention import lasting
from troupe.telegram.texts import texts
from troupe.users import User


async def greet(job: GreetJob, task: Task, model: BookedModel) -> None:
    """Greets once per choice; twice if the worker dies between the send and its record.

    :raises PostponedError: Telegram could not take it just now, or the model could not be asked for it
    """
    user, card, conversation = await asyncio.to_thread(_read, job)
    if conversation and job.correlation_id and conversation.greeted_for == job.correlation_id:
        count("JobsRepeated")
        return
    if task.left_s() < settings.telegram_timeout_s:
        raise PostponedError(0)
    async with retried(job, task):
        if card is None:
            said = texts(job.language).character_gone
            await notices.offer_picker(job.chat_id, said, job.language, thread_id=job.thread_id)
            return
        if not await may_chat(user, job.chat_id, job.thread_id, job.language):
            return
        await tell_of_ai(user, job.chat_id, job.thread_id, job.language)
        greeting, keyboard = await _words(job, task, model, card=card, user=user, known=conversation)
        parts = split(greeting.shown)
        sent = await bot_api.send_parts(job.chat_id, parts, thread_id=job.thread_id, keyboard=keyboard)
        await until_stored(_record, job, greeting, sent)
        count("GreetingsSent")
        if not (conversation and conversation.greeted_at):
            await queue_greeting_voice(job, user, _conversation_id(job))


def _read(job: GreetJob) -> tuple[User | None, Card | None, Conversation | None]:
    """The card is None if the character is gone, or the person may not talk to it."""
    card = card_for(job.person_id, job.character_id)
    return User.find(job.person_id), card, Conversation.find(job.person_id, _conversation_id(job))


async def _words(
    job: GreetJob, task: Task, model: BookedModel, *, card: Card, user: User | None, known: Conversation | None
) -> tuple[Greeting, InlineKeyboardMarkup | None]:
    if known and known.greeted_at:
        text = welcome_back(card, job.language, user)
        return Greeting(0, text, text), None
    said = greetings(card, job.language, user, _conversation_id(job))
    keyboard = greeting_keyboard(job.language, shown=0, many=len(said), generation=job.generation)
    if said:
        return said[0], keyboard
    conversation = known or Conversation(job.person_id, _conversation_id(job))
    return await improvise(job, task, model, user=user, card=card, conversation=conversation), keyboard


def _record(job: GreetJob, greeting: Greeting, sent: Sequence[int]) -> None:
    """A welcome back is not stored as the conversation's greeting."""
    *parts, last = sent
    opened: list[tuple[Attribute[Any], Any]] = [
        (Conversation.greeting, greeting.read),
        (Conversation.greeting_index, greeting.index),
        (Conversation.greeting_part_ids, parts),
        (Conversation.greeting_message_id, last),
        (Conversation.greeted_at, now_ms()),
    ]
    actions: list[Action] = [attribute.set(attribute | value) for attribute, value in opened]
    actions += [Conversation.greeted_for.set(job.correlation_id), lasting(Conversation.expires_at, now_ms())]
    Conversation(job.person_id, _conversation_id(job)).update(actions=actions)


def _conversation_id(job: GreetJob) -> str:
    return conversation_id(job.chat_id, job.thread_id, job.character_id, job.generation)
