"""An answer is said aloud: beside its text, for the person who asked for that; or instead of it.

A voice message that was sent is noted on the turn, and the job that sent it. A worker that dies between the two leaves
the next one to say it again: Telegram has no idempotency key.
"""

import asyncio
from typing import Any

from telegram.error import TelegramError

from functions.llm_reply import settings
from functions.llm_reply.failures import MUTE
from functions.llm_reply.llm.errors import ModelError, RefusedRequestError
from functions.llm_reply.messaging import bot_api, notices
from functions.llm_reply.messaging.delivery import deliver, until_stored
from functions.llm_reply.messaging.keyboards import answer_keyboard
from functions.llm_reply.messaging.progress import shown
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.messaging.voice import is_forbidden, send_voice
from functions.llm_reply.outcome_metrics import turn_delivered
from functions.llm_reply.prompting.cards import card_of
from functions.llm_reply.queue_work.batch import PostponedError, Task
from functions.llm_reply.text_to_speech.port import Manner
from functions.llm_reply.text_to_speech.speaker import TIMEOUT_S, Speaker
from functions.llm_reply.text_to_speech.voice_note import VoiceNote
from functions.llm_reply.text_to_speech.words import words_of
from troupe import users
from troupe.clock import now_ms
from troupe.conversations import jobs, turns
from troupe.conversations.jobs import SpeakJob
from troupe.conversations.turn import DELIVERED, Turn
from troupe.observability import count, logger, took
from troupe.spending.ledger import Spender
from troupe.spending.limits import LimitReachedError
from troupe.spoken import BOTH, VOICE
from troupe.telegram.texts import interface_language, texts
from troupe.users import User

# A voice that nobody pressed a button for is tried this often: the person has the text.
MAX_TRIES = 3
# What a turn keeps of a voice message: see `Turn.speech`.
Sent = dict[str, Any]
# Characters of a card that tell a model how the character talks.
MAX_HOW = 600


def is_aloud(user: User) -> bool:
    """Whether the person gets answers as voice messages in the place of text."""
    return bool(user.answers_as == VOICE) and _may_hear(user)


def _may_hear(user: User) -> bool:
    return settings.can_speak and not user.voice_refused_at


async def deliver_as_wanted(turn: Turn, user: User, task: Task, speaker: Speaker) -> None:
    """In writing, aloud, or both.

    :raises PostponedError: Telegram could not take it, or the invocation is nearly over
    """
    if is_aloud(user) and await _deliver_aloud(turn, user, task, speaker):
        return
    await deliver(turn, task)
    if turn.status == DELIVERED and user.answers_as in (BOTH, VOICE) and _may_hear(user):
        job = SpeakJob(
            person_id=int(turn.person_id),
            chat_id=int(turn.chat_id),
            turn_id=int(turn.message_id),
            language=interface_language(turn.language),
            thread_id=turn.topic_id,
            correlation_id=f"{turn.update_id}:{turn.asked_for}",
        )
        await asyncio.to_thread(jobs.enqueue, job, f"speak:{turn.asked_for}")


async def speak(job: SpeakJob, task: Task, speaker: Speaker) -> None:
    """:raises PostponedError: another try may succeed"""
    turn = await asyncio.to_thread(Turn.find, job.chat_id, job.turn_id)
    user = await asyncio.to_thread(User.find, job.person_id)
    if turn is None or user is None or turn.status != DELIVERED or not turn.answer or not speaker.is_on:
        return
    if user.voice_refused_at or (turn.speech and turn.speech["asked_by"] == job.correlation_id):
        count("JobsRepeated")
        return
    if task.left_s() < TIMEOUT_S + settings.telegram_timeout_s:
        raise PostponedError(0)
    sent = None
    async with retried(job, task, apologises=job.pressed):
        sent = await _said_again(turn, job) or await _said(turn, user, job, task, speaker)
    if sent and not await asyncio.to_thread(turns.record_speech, turn, {**sent, "asked_by": job.correlation_id}):
        # The answer was taken back, or replaced, while it was being said.
        await bot_api.remove(job.chat_id, [sent["id"]])


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
    why = ""
    try:
        note = await _spoken(turn, user, speaker)
        if note:
            return await _send(turn, note.data, note.seconds, pressed=job.pressed)
        why = said.nothing_to_say
    except LimitReachedError as reached:
        why = said.limits[reached.limit].replace("{when}", said.after(reached.wait_ms))
    except ModelError as error:
        _note_failure(turn, error)
        if error.failure.tries > task.receive_count and task.receive_count < MAX_TRIES:
            raise PostponedError(error.failure.wait_s(task.receive_count)) from error
        why = said.voiceless if error.failure == MUTE else said.voice_failed
    except TelegramError as error:
        if not is_forbidden(error):
            raise
        await _explain(turn)
        return None
    if job.pressed:
        await notices.mention(turn, why)
    return None


async def _deliver_aloud(turn: Turn, user: User, task: Task, speaker: Speaker) -> bool:
    """False if the answer has to be in writing, after all.

    :raises PostponedError: the invocation is nearly over
    """
    words = words_of(str(turn.answer))
    if turn.reply_ids or turn.attempts or not words.text or not words.is_whole:
        return False
    if task.left_s() < TIMEOUT_S + settings.telegram_timeout_s:
        raise PostponedError(0)
    try:
        note = await _spoken(turn, user, speaker)
        if note is None:
            return False
        keyboard = answer_keyboard(turn, spoken=True)
        sent = await send_voice(int(turn.chat_id), note.data, note.seconds, thread_id=turn.topic_id, keyboard=keyboard)
    except (ModelError, LimitReachedError) as error:
        if isinstance(error, ModelError):
            _note_failure(turn, error)
        return False
    except TelegramError as error:
        if is_forbidden(error):
            await _explain(turn)
            user.voice_refused_at = now_ms()
        # Whatever else it is, the text meets it too, and its retries are those of a delivery.
        return False
    replaced = list(turn.replaced_ids)
    count("VoiceNotesSent")
    await until_stored(turns.mark_delivered, turn, [sent["id"]], {**sent, "asked_by": turn.asked_for})
    await bot_api.remove(int(turn.chat_id), replaced)
    turn_delivered()
    took("ReceiptToDelivery", now_ms() - int(turn.retried_at or turn.received_at))
    return True


async def _spoken(turn: Turn, user: User, speaker: Speaker) -> VoiceNote | None:
    """None if nothing in the answer is spoken.

    :raises ModelError: there is no sound
    :raises LimitReachedError: the server was not asked
    """
    words = words_of(str(turn.answer))
    if not words.text:
        return None
    manner = await asyncio.to_thread(_manner, turn)
    spender = Spender(int(turn.person_id), settings.limits.of(user))
    async with shown(turn, "record_voice"):
        return await speaker.say(words.text, manner, spender)


def _manner(turn: Turn) -> Manner:
    card = card_of(str(turn.character_id))
    if card is None:
        return Manner("", "")
    name = card.char_name(interface_language(turn.language))
    how = card.data.personality.replace("{{char}}", name)[:MAX_HOW]
    return Manner(card.data.extensions.troupe.voice, f"The voice is that of {name}. {how}".strip())


async def _send(turn: Turn, sound: bytes | str, seconds: float, *, pressed: bool) -> Sent:
    """:param pressed: the person sees which answer it says: they may have written on since
    :raises TelegramError: see `failures.of_telegram`
    """
    below = turn.written_ids[0] if pressed and turn.written_ids else None
    sent = await send_voice(int(turn.chat_id), sound, seconds, thread_id=turn.topic_id, reply_to=below)
    count("VoiceNotesSent")
    return sent


async def _explain(turn: Turn) -> None:
    """Once: nothing is tried again until the person sends /voice."""
    count("VoiceForbidden")
    await notices.mention(turn, texts(turn.language).voice_forbidden)
    await asyncio.to_thread(users.mark_voice_refused, int(turn.person_id))


def _note_failure(turn: Turn, error: ModelError) -> None:
    count("SpeechFailed", kind=error.failure.name)
    told: dict[str, Any] = {"failure": error.failure.name, "turn": turn.log_name}
    if isinstance(error, RefusedRequestError):
        told |= {"status": error.said.status, "code": error.said.code[:100]}
    logger.warning("An answer can't be said aloud", extra=told)
