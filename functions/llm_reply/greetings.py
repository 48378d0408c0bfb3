"""The words a character greets with, and the choice among them while nothing else was said."""

import asyncio
import random

from functions.llm_reply import chat
from functions.llm_reply.keyboards import greeting_keyboard
from functions.llm_reply.parts import parts
from functions.llm_reply.prompt import NAMELESS
from troupe.characters.card import Card, fill
from troupe.conversations.jobs import ControlJob
from troupe.conversations.model import Conversation
from troupe.users import User


def greetings(card: Card, language: str, user: User | None) -> list[str]:
    """The first one and its alternates."""
    said = card.locale(language)
    return [_filled(text, card, language, user) for text in (said.greeting, *said.alternate_greetings)]


def welcome_back(card: Card, language: str, user: User | None) -> str:
    said = card.locale(language)
    return _filled(random.choice(said.welcome_back or [said.greeting]), card, language, user)  # noqa: S311 - no secret


async def swipe_greeting(job: ControlJob, card: Card) -> None:
    """Only under the greeting that the conversation began with, and only as long as nothing else was said in it."""
    known, user = await asyncio.gather(
        asyncio.to_thread(Conversation.find, job.conversation_id), asyncio.to_thread(User.find, job.chat_id)
    )
    said = greetings(card, job.language, user)
    if known is None or known.greeting_message_id != job.message_id or not job.argument.isdigit():
        return
    shown = int(job.argument) % len(said)
    generation = user.generation(job.character_id) if user else 0
    keyboard = greeting_keyboard(job.language, shown=shown, many=len(said), generation=generation)
    await chat.change(job.chat_id, job.message_id, parts(said[shown])[0], keyboard=keyboard)
    await asyncio.to_thread(known.update, [Conversation.greeting.set(said[shown])])


def _filled(text: str, card: Card, language: str, user: User | None) -> str:
    name = (user.first_name if user else "") or NAMELESS[language]
    return fill(text, char=card.data.nickname or card.locale(language).name, user=name)
