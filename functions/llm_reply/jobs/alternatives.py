"""Swiping: shows another answer to the same message, or another greeting, in the place of the shown one."""

import asyncio
from itertools import islice

from functions.llm_reply.formatting.split import split
from functions.llm_reply.jobs.remembering.index_correction import correct_index
from functions.llm_reply.jobs.speaking.delivering import queue_greeting_voice, queue_voice
from functions.llm_reply.messaging import bot_api
from functions.llm_reply.messaging.greetings import greetings
from functions.llm_reply.messaging.keyboards import answer_keyboard, greeting_keyboard
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.prompting.cards import card_of
from functions.llm_reply.queue_work.batch import Task
from troupe.conversations import turn_reads, turn_records
from troupe.conversations.conversation import Conversation
from troupe.conversations.jobs.answering import AlternativeGreetingJob, AlternativeJob
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED
from troupe.users import User

# Turns to read back for the conversation's first answer. Further back, the greeting has no button any more.
RECENT = 4


async def show_alternative(job: AlternativeJob, task: Task) -> None:
    """Prompts contain the answer that is shown last.

    :raises PostponedError: Telegram could not take it just now
    """
    turn = await asyncio.to_thread(Turn.find, job.chat_id, job.turn_id)
    if turn is None or turn.status != DELIVERED or job.number >= len(turn.alternatives):
        return
    turn.answer = turn.alternatives[job.number]
    outdated = turn.spoken_ids
    async with retried(job, task):
        shown = await bot_api.change_parts(
            job.chat_id, turn.written_ids, split(turn.answer), thread_id=job.thread_id, keyboard=answer_keyboard(turn)
        )
        await asyncio.to_thread(turn_records.show_alternative, turn, turn.answer, shown)
        # The voice message says the answer before this one.
        await bot_api.remove(job.chat_id, outdated)
    user = await asyncio.to_thread(User.find, job.person_id)
    if user:
        await queue_voice(turn, user, job.correlation_id, f"speak:{job.correlation_id}")
    await correct_index(turn)


async def show_alternative_greeting(job: AlternativeGreetingJob, task: Task) -> None:
    """Changes only the greeting that the conversation began with, while nothing else was said in it.

    :raises PostponedError: Telegram could not take it just now
    """
    card, conversation, user = await asyncio.gather(
        asyncio.to_thread(card_of, job.character_id),
        asyncio.to_thread(Conversation.find, job.person_id, job.conversation_id),
        asyncio.to_thread(User.find, job.person_id),
    )
    if card is None or conversation is None or conversation.greeting_message_id != job.message_id:
        return
    if await asyncio.to_thread(_has_answers, job):
        # The person pressed the button after they had written: the answer to that follows the greeting as it stands.
        return
    said = greetings(card, job.language, user, job.conversation_id)
    if not said:
        return
    number = job.number % len(said)
    generation = user.generation(job.character_id) if user else 0
    keyboard = greeting_keyboard(job.language, shown=number, many=len(said), generation=generation)
    old = [*conversation.greeting_part_ids, job.message_id]
    async with retried(job, task):
        shown = await bot_api.change_parts(
            job.chat_id, old, split(said[number].shown), thread_id=job.thread_id, keyboard=keyboard
        )
        outdated = [conversation.greeting_speech["id"]] if conversation.greeting_speech else []
        await asyncio.to_thread(conversation.show_greeting, said[number].read, said[number].index, shown)
        await bot_api.remove(job.chat_id, outdated)
        await queue_greeting_voice(job, user, job.conversation_id)


def _has_answers(job: AlternativeGreetingJob) -> bool:
    newest = islice(turn_reads.newest_first(job.chat_id, RECENT), RECENT)
    return any(turn.conversation_id == job.conversation_id and turn.answer for turn in newest)
