"""Makes the voice of an answer, and tells the person if that is not possible."""

import asyncio
import re
from typing import Any

from functions.llm_reply import settings
from functions.llm_reply.llm.errors import ModelError, RefusedRequestError
from functions.llm_reply.messaging import notices
from functions.llm_reply.messaging.progress import shown
from functions.llm_reply.prompting.cards import card_of
from functions.llm_reply.text_to_speech.port import Manner
from functions.llm_reply.text_to_speech.speaker import TIMEOUT_S, Speaker
from functions.llm_reply.text_to_speech.voice_note import VoiceNote
from functions.llm_reply.text_to_speech.words import words_of
from troupe import user_marks
from troupe.conversations.turn import Turn
from troupe.observability import count, logger
from troupe.spending.ledger import Spender
from troupe.telegram.texts import interface_language, texts
from troupe.users import User

# Characters of a card that tell a model how the character talks.
MAX_HOW = 600
USER = re.compile(r"\{\{user\}\}|<user>", re.IGNORECASE)
CHAR = re.compile(r"\{\{char\}\}|<char>|<bot>", re.IGNORECASE)


def may_hear(user: User) -> bool:
    return settings.can_speak and not user.voice_refused_at


async def voiced(turn: Turn, user: User, speaker: Speaker, timeout_s: float = TIMEOUT_S) -> VoiceNote | None:
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
        return await speaker.say(words.text, manner, spender, timeout_s)


def _manner(turn: Turn) -> Manner:
    card = card_of(str(turn.character_id))
    if card is None:
        return Manner("", "")
    name = card.char_name(interface_language(turn.language))
    how = USER.sub("the listener", CHAR.sub(lambda _: name, card.data.personality))[:MAX_HOW]
    return Manner(card.data.extensions.troupe.voice, f"The voice is that of {name}. {how}".strip())


async def explain(turn: Turn) -> None:
    """The person forbids voice messages. Said once: nothing is tried again until they send /voice."""
    count("VoiceForbidden")
    await notices.mention(turn, texts(turn.language).voice_forbidden)
    await asyncio.to_thread(user_marks.mark_voice_refused, int(turn.person_id))


def note_failure(turn: Turn, error: ModelError) -> None:
    count("SpeechFailed", kind=error.failure.name)
    told: dict[str, Any] = {"failure": error.failure.name, "turn": turn.log_name}
    if isinstance(error, RefusedRequestError):
        told |= {"status": error.said.status, "code": error.said.code[:100]}
    logger.warning("An answer can't be said aloud", extra=told)
