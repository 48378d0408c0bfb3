"""A voice note, a round video or an audio file becomes the words of its turn, before the turn is answered like any."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from telegram.error import TelegramError

from functions.llm_reply import settings
from functions.llm_reply.failures import DEAF, EXPECTED, LONG_SOUND, MODEL_ATTEMPTS, UNHEARD, Failure, of_telegram
from functions.llm_reply.jobs.answering.at_limit import hold
from functions.llm_reply.jobs.answering.retrying import is_tried_again, postpone_or_do_without
from functions.llm_reply.jobs.answering.unanswered import is_refused
from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.llm.transcription import Transcription
from functions.llm_reply.messaging.sounds import show_heard
from functions.llm_reply.messaging.telegram_files import fetch
from functions.llm_reply.outcome_metrics import model_failed
from functions.llm_reply.prompting.addressee import note_addressee
from functions.llm_reply.queue_work.batch import PostponedError, Task
from functions.llm_reply.queue_work.storing import until_stored
from functions.llm_reply.safety.asides import say_owed
from functions.llm_reply.safety.moderation import Moderation
from functions.llm_reply.safety.screening import Screening
from functions.llm_reply.text_to_speech.libsndfile import UnreadableSoundError, loudest
from troupe.conversations import turns
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import RECEIVED, TurnRewordedError
from troupe.observability import count
from troupe.spending.ledger import Spender
from troupe.spending.limits import LimitReachedError
from troupe.telegram.texts import texts
from troupe.users import User

# Telegram lets a bot fetch 20 MB. A worker answers ten chats, and has 256 MB for all of them.
MAX_BYTES = 10 * 2**20
# A microphone that is switched off records less. From silence, models make up words that nobody said.
MIN_LOUDNESS = 0.003
# Sounds in a worker's memory at once.
_room = asyncio.Semaphore(2)
# The server tells the format by the name's ending, and Telegram's files of these kinds have no name.
NAMES = {"voice": "voice.ogg", "video_note": "video.mp4", "audio": "audio.mp3"}


def is_to_be_heard(turn: Turn, user: User) -> bool:
    """Also notes the addressee: a turn that is held at a limit needs its conversation. False without an addressee."""
    is_new = turn.status == RECEIVED and turn.sound and not turn.heard_at and not turn.stopped_at
    return bool(is_new) and note_addressee(turn, user)


async def hear(turn: Turn, user: User, task: Task, transcription: Transcription, moderation: Moderation) -> None:
    """:raises PostponedError: another attempt may bring the words, or too little time is left for an answer to them"""
    try:
        failure = await _transcribe(turn, user, transcription)
        if failure and failure.name not in EXPECTED:
            model_failed(failure, final=not is_tried_again(turn, failure))
        if failure and turn.text and not is_tried_again(turn, failure):
            # The words written under it are answered.
            await until_stored(turns.note_heard, turn, turn.text)
            return
    except LimitReachedError as reached:
        await _hold_unheard(turn, user, task, moderation, reached)
        return
    except TurnRewordedError as reworded:
        raise PostponedError(0) from reworded
    if failure:
        await postpone_or_do_without(turn, failure)
    elif task.left_s() < settings.model_timeout_s + settings.telegram_timeout_s:
        raise PostponedError(0)


async def _hold_unheard(turn: Turn, user: User, task: Task, moderation: Moderation, reached: LimitReachedError) -> None:
    """Checks the words written under the sound: the next answer takes them in, even if the sound is never transcribed.

    :raises PostponedError: the job is to come back
    """
    async with Screening(turn, user, moderation) as screening:
        with suppress(LimitReachedError):
            if await is_refused(turn, screening):
                return
    await say_owed(turn, task)
    await hold(turn, task, reached, is_checked=not screening.is_unchecked)


async def _transcribe(turn: Turn, user: User, transcription: Transcription) -> Failure | None:
    """Has the sound transcribed once, stores the words and shows them. Returns the failure if there are no words.

    :raises LimitReachedError: the server was not asked
    :raises TurnRewordedError: the person wrote meanwhile what they had said
    """
    if not transcription.is_on:
        return DEAF
    sound = turn.sound
    if sound["seconds"] > settings.max_sound_s or (sound["bytes"] or 0) > MAX_BYTES:
        return LONG_SOUND
    try:
        said = await _words(turn, user, transcription)
    except TelegramError as error:
        failure = of_telegram(error)
        # The chat's later messages wait for this one.
        return replace(failure, tries=MODEL_ATTEMPTS) if failure.retry else UNHEARD
    except ModelError as error:
        return error.failure
    words = "\n".join(filter(None, [said, turn.text]))
    await until_stored(turns.note_heard, turn, words)
    count("SoundsHeard")
    # If this message is lost, the person only loses a chance to correct the words.
    with suppress(TelegramError):
        await show_heard(turn, said, texts(turn.language).misheard)
    return None


async def _words(turn: Turn, user: User, transcription: Transcription) -> str:
    """:raises ModelError: there are none
    :raises LimitReachedError: the server was not asked
    :raises TelegramError: the sound can't be fetched
    """
    sound = turn.sound
    spender = Spender(int(turn.person_id), settings.limits.of(user), turn.asked_for)
    async with _room:
        data = await fetch(sound["file_id"], MAX_BYTES)
        if data is None:
            raise ModelError(LONG_SOUND, may_be_billed=False)
        if await asyncio.to_thread(_is_silent, data):
            raise ModelError(UNHEARD, may_be_billed=False)
        return await transcription.words_of(data, _name(turn), int(sound["seconds"]), spender)


def _is_silent(sound: bytes) -> bool:
    try:
        return loudest(sound) < MIN_LOUDNESS
    except UnreadableSoundError:
        # MP4, of a round video: the server may read it.
        return False


def _name(turn: Turn) -> str:
    return turn.sound["name"] or NAMES[str(turn.kind)]
