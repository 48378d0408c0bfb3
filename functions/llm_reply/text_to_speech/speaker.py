"""Has a server say an answer aloud, within the limits and with its cost booked.

The model's name decides between two adapters: `speech_endpoint`, for any server with OpenAI's /v1/audio/speech, and
`realtime`, for OpenAI's Realtime models, which follow that endpoint there on 6 January 2027.
"""

import asyncio
import time
from datetime import UTC, datetime

from openai import AsyncOpenAI

from functions.llm_reply.failures import Failure
from functions.llm_reply.llm.booking import reserved, settle
from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.llm.shutdown_dates import KNOWN
from functions.llm_reply.text_to_speech.port import Manner, TextToSpeech
from functions.llm_reply.text_to_speech.prices import price
from functions.llm_reply.text_to_speech.speech_endpoint import SpeechEndpoint
from functions.llm_reply.text_to_speech.voice_note import VoiceNote
from troupe.answer_mode import can_speak
from troupe.characters.voices import DEFAULT_VOICE, VOICES
from troupe.clock import now_ms
from troupe.observability import count, record_ms
from troupe.spending.ledger import Spender
from troupe.spending.money import nanodollars

# The model that `auto` stands for at OpenAI, and its successor once that is shut down.
OPENAI_MODEL, LATER_MODEL = "gpt-4o-mini-tts", "gpt-realtime-2.1-mini"
# For the sound of MAX_SPOKEN characters. With Telegram's time it is less than an invocation has.
TIMEOUT_S = 36


class Speaker:
    """:param setting: SPEECH_MODEL
    :param names: SPEECH_VOICES
    """

    def __init__(self, client: AsyncOpenAI, setting: str, base_url: str, names: str) -> None:
        self.is_on = can_speak(setting, base_url)
        self._client, self._setting = client, setting
        self._names = dict(pair.split("=", 1) for pair in names.split(",") if pair)

    @property
    def model(self) -> str:
        if self._setting != "auto":
            return self._setting
        today = datetime.fromtimestamp(now_ms() / 1000, UTC).date()
        return OPENAI_MODEL if today < KNOWN[OPENAI_MODEL] else LATER_MODEL

    async def say(self, words: str, manner: Manner, spender: Spender, timeout_s: float = TIMEOUT_S) -> VoiceNote:
        """:raises ModelError: there is no sound
        :raises LimitReachedError: the server was not asked
        """
        model = self.model
        booking = await reserved(spender, nanodollars(price(model, words)))
        cost = booking.estimate
        began = time.monotonic()
        try:
            async with asyncio.timeout(timeout_s):
                note = await self._adapter(model).say(words, model, Manner(self._name(manner.voice), manner.how))
            cost = nanodollars(price(model, words, note.seconds))
        except ModelError as error:
            cost = cost if error.may_be_billed else 0
            raise
        except TimeoutError as error:
            raise ModelError(Failure("speech_timeout", tries=2)) from error
        finally:
            await settle(booking, cost)
        record_ms("SpeechTotal", round((time.monotonic() - began) * 1000))
        count("SecondsSpoken", round(note.seconds))
        return note

    def _adapter(self, model: str) -> TextToSpeech:
        if "realtime" not in model:
            return SpeechEndpoint(self._client)
        from functions.llm_reply.text_to_speech.realtime import Realtime  # noqa: PLC0415 - loads many modules

        return Realtime(self._client)

    def _name(self, voice: str) -> str:
        """As the server calls it. A name that neither the server's list nor ours has stands for the usual voice."""
        ours = voice if voice in VOICES else DEFAULT_VOICE
        return self._names.get(voice) or self._names.get(ours) or self._names.get("*") or ours
