"""Delivers an answer in the form that the person has chosen: in writing, aloud, or both."""

import asyncio

from telegram.error import TelegramError

from functions.llm_reply import settings
from functions.llm_reply.jobs.speaking.voicing import explain, may_hear, note_failure, voiced
from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.messaging import bot_api
from functions.llm_reply.messaging.delivery import deliver
from functions.llm_reply.messaging.keyboards import answer_keyboard
from functions.llm_reply.messaging.voice import is_forbidden, send_voice
from functions.llm_reply.outcome_metrics import turn_delivered
from functions.llm_reply.queue_work.batch import Task
from functions.llm_reply.queue_work.storing import until_stored
from functions.llm_reply.text_to_speech.speaker import TIMEOUT_S, Speaker
from functions.llm_reply.text_to_speech.words import words_of
from troupe.answer_mode import BOTH, VOICE
from troupe.clock import now_ms
from troupe.conversations import turns
from troupe.conversations.jobs.answering import AlternativeGreetingJob, GreetJob, SpeakJob
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED
from troupe.observability import count, record_ms
from troupe.spending.limits import LimitReachedError
from troupe.telegram.texts import interface_language
from troupe.users import User

# With less time than this for the voice, the answer comes in writing, and the voice after it.
MIN_VOICE_S = 10


def is_aloud(user: User) -> bool:
    """Whether the person gets answers as voice messages in the place of text."""
    return bool(user.answers_as == VOICE) and may_hear(user)


async def deliver_as_wanted(turn: Turn, user: User, task: Task, speaker: Speaker) -> None:
    """:raises PostponedError: Telegram could not take it, or the invocation is nearly over"""
    if is_aloud(user) and await _deliver_aloud(turn, user, task, speaker):
        return
    await deliver(turn, task)
    if turn.status == DELIVERED:
        await queue_voice(turn, user, f"{turn.update_id}:{turn.asked_for}", f"speak:{turn.asked_for}")


async def queue_voice(turn: Turn, user: User, asked_by: str, once: str) -> None:
    """For a person who wants every answer said; this one was sent in writing.

    :param asked_by: names the request for the answer
    :param once: the queue takes one job of this name
    """
    if not _wants_voice(user):
        return
    job = SpeakJob(
        person_id=int(turn.person_id),
        chat_id=int(turn.chat_id),
        turn_id=int(turn.message_id),
        language=interface_language(turn.language),
        thread_id=turn.topic_id,
        correlation_id=asked_by,
    )
    await asyncio.to_thread(enqueue, job, once)


async def queue_greeting_voice(
    greeted: GreetJob | AlternativeGreetingJob, user: User | None, conversation_id: str
) -> None:
    """For a person who wants every answer said. :param greeted: the job that has sent the greeting in writing"""
    if user is None or not _wants_voice(user):
        return
    job = SpeakJob(
        person_id=greeted.person_id,
        chat_id=greeted.chat_id,
        conversation_id=conversation_id,
        character_id=greeted.character_id,
        language=greeted.language,
        thread_id=greeted.thread_id,
        correlation_id=greeted.correlation_id,
    )
    await asyncio.to_thread(enqueue, job, f"speak:{greeted.chat_id}:{greeted.correlation_id}")


def _wants_voice(user: User) -> bool:
    return user.answers_as in (BOTH, VOICE) and may_hear(user)


async def _deliver_aloud(turn: Turn, user: User, task: Task, speaker: Speaker) -> bool:
    """False if the answer has to be sent in writing."""
    words = words_of(str(turn.answer))
    # If there is no voice, the text must still be sent within this invocation: only it knows what to tidy up after.
    left_s = task.left_s() - 2 * settings.telegram_timeout_s
    if turn.reply_ids or turn.attempts or not words.text or not words.is_whole or left_s < MIN_VOICE_S:
        return False
    try:
        note = await voiced(turn, user, speaker, min(left_s, TIMEOUT_S))
        if note is None:
            return False
        keyboard = answer_keyboard(turn, spoken=True)
        sent = await send_voice(int(turn.chat_id), note.data, note.seconds, thread_id=turn.topic_id, keyboard=keyboard)
    except LimitReachedError:
        return False
    except ModelError as error:
        note_failure(turn, error)
        return False
    except TelegramError as error:
        if is_forbidden(error):
            await explain(turn)
            user.voice_refused_at = now_ms()
        # The text meets any other error too, and is retried as a delivery.
        return False
    replaced = list(turn.replaced_ids)
    count("VoiceNotesSent")
    await until_stored(turns.mark_delivered, turn, [sent["id"]], {**sent, "asked_by": turn.asked_for})
    await bot_api.remove(int(turn.chat_id), replaced)
    turn_delivered()
    record_ms("ReceiptToDelivery", now_ms() - int(turn.retried_at or turn.received_at))
    return True
