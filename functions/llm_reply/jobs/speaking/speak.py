"""An answer or a greeting is said aloud beside its text: at the button, or for a person who wants every answer said.

A voice message that was sent is noted on the turn, and the job that sent it. A worker that dies between the two leaves
the next one to say it again: Telegram has no idempotency key.
"""

import asyncio
from typing import Any

from telegram.error import TelegramError

from functions.llm_reply import settings
from functions.llm_reply.failures import MUTE
from functions.llm_reply.jobs.speaking import spoken_greeting
from functions.llm_reply.jobs.speaking.voicing import explain, note_failure, voiced
from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.messaging import bot_api, notices
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.messaging.voice import is_forbidden, send_voice
from functions.llm_reply.queue_work.batch import PostponedError, Task
from functions.llm_reply.text_to_speech.speaker import TIMEOUT_S, Speaker
from troupe.conversations import turn_records
from troupe.conversations.jobs.answering import SpeakJob
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED
from troupe.observability import count, logger
from troupe.spending.limits import LimitReachedError
from troupe.telegram.texts import texts
from troupe.users import User

MAX_TRIES = 3
# A voice message as a turn keeps it: see `Turn.speech`.
Sent = dict[str, Any]


async def speak(job: SpeakJob, task: Task, speaker: Speaker) -> None:
    """:raises PostponedError: another try may succeed"""
    turn = await asyncio.to_thread(_found, job)
    user = await asyncio.to_thread(User.find, job.person_id)
    if turn is None or user is None or turn.status != DELIVERED or not turn.answer or not speaker.is_on:
        return
    # A job without a press is for an answer that nothing has said so far. Of several swipes, the first job says the
    # answer that is shown by then.
    if user.voice_refused_at or (turn.speech and (not job.pressed or turn.speech["asked_by"] == job.correlation_id)):
        count("JobsRepeated")
        return
    if task.left_s() < TIMEOUT_S + settings.telegram_timeout_s:
        raise PostponedError(0)
    sent = None
    async with retried(job, task, apologises=job.pressed):
        sent = await _said_again(turn, job) or await _said(turn, user, job, task, speaker)
    record = turn_records.record_speech if job.turn_id else spoken_greeting.record
    if sent and not await asyncio.to_thread(record, turn, {**sent, "asked_by": job.correlation_id}):
        # The answer was taken back, or replaced, while it was being said.
        await bot_api.remove(job.chat_id, [sent["id"]])


def _found(job: SpeakJob) -> Turn | None:
    return Turn.find(job.chat_id, job.turn_id) if job.turn_id else spoken_greeting.greeting_of(job)


async def _said_again(turn: Turn, job: SpeakJob) -> Sent | None:
    """The voice message from before, which Telegram still has: it costs nothing."""
    if not turn.speech or not turn.speech["file_id"]:
        return None
    try:
        return await _send(turn, turn.speech["file_id"], turn.speech["seconds"], pressed=job.pressed)
    except TelegramError as error:
        logger.warning("A voice message can't be sent again", extra={"reason": type(error).__name__})
        return None


async def _said(turn: Turn, user: User, job: SpeakJob, task: Task, speaker: Speaker) -> Sent | None:
    """None if it can't be said; the person is told why, if they pressed a button for it.

    :raises PostponedError: another try may succeed
    :raises TelegramError: see `failures.of_telegram`
    """
    said = texts(job.language)
    try:
        note = await voiced(turn, user, speaker)
        if note:
            return await _send(turn, note.data, note.seconds, pressed=job.pressed)
        why = said.nothing_to_say
    except LimitReachedError as reached:
        why = said.limits[reached.limit].replace("{when}", said.after(reached.wait_ms))
    except ModelError as error:
        note_failure(turn, error)
        if task.receive_count < min(error.failure.tries, MAX_TRIES):
            raise PostponedError(error.failure.wait_s(task.receive_count)) from error
        why = said.voiceless if error.failure == MUTE else said.voice_failed
    except TelegramError as error:
        if not is_forbidden(error):
            raise
        await explain(turn)
        return None
    if job.pressed:
        await notices.mention(turn, why)
    return None


async def _send(turn: Turn, sound: bytes | str, seconds: float, *, pressed: bool) -> Sent:
    """:param pressed: the person sees which answer it says: they may have written on since
    :raises TelegramError: see `failures.of_telegram`
    """
    below = turn.written_ids[0] if pressed and turn.written_ids else None
    sent = await send_voice(int(turn.chat_id), sound, seconds, thread_id=turn.topic_id, reply_to=below)
    count("VoiceNotesSent")
    return sent
