"""Transcribes voice notes with OpenAI's endpoint, or with any server that has the same endpoint."""

import re
import time
from urllib.parse import urlsplit

import openai
from openai import AsyncOpenAI

from functions.llm_reply.failures import DEAF, UNHEARD
from functions.llm_reply.llm.booking import reserved, settle
from functions.llm_reply.llm.errors import ModelError, translated
from troupe.observability import logger, record_ms
from troupe.spending.ledger import Spender
from troupe.spending.money import nanodollars

OPENAI_HOST = "api.openai.com"
OPENAI_MODEL = "gpt-transcribe"
# US dollars per minute, of developers.openai.com/api/docs/pricing, 25 November 2026.
PRICES = {"gpt-transcribe": 0.0045, "gpt-4o-transcribe": 0.006, "gpt-4o-mini-transcribe": 0.003, "whisper-1": 0.006}
MINUTE_S = 60
TIMEOUT_S = 30
# Statuses of a server that has no such endpoint, or no such model.
NO_EARS = (404, 405, 501)
# Servers' errors for a file that they can't read: "Audio file might be corrupted or unsupported" at OpenAI, words of
# the same kind elsewhere. OpenAI names the parameter too.
UNREADABLE = re.compile(r"\b(?:audio|sound|media) file\b|\bfile format\b|corrupt|decod", re.IGNORECASE)


class Transcription:
    """:param setting: a model's name; off; or auto: gpt-transcribe for OpenAI's own server, off for others"""

    def __init__(self, client: AsyncOpenAI, setting: str, base_url: str) -> None:
        auto = OPENAI_MODEL if urlsplit(base_url).hostname == OPENAI_HOST else "off"
        self.model = auto if setting == "auto" else setting
        self._client = client

    @property
    def is_on(self) -> bool:
        return self.model != "off"

    async def words_of(self, sound: bytes, name: str, seconds: int, spender: Spender) -> str:
        """:param name: its ending tells the server what kind of file it is
        :raises ModelError: there are no words
        :raises LimitReachedError: the server was not asked
        """
        booking = await reserved(spender, self._price(seconds))
        cost = booking.estimate
        try:
            text = await self._ask(sound, name)
        except ModelError as error:
            cost = cost if error.may_be_billed else 0
            raise
        finally:
            await settle(booking, cost)
        if not text.strip():
            raise ModelError(UNHEARD)
        return text.strip()

    async def _ask(self, sound: bytes, name: str) -> str:
        began = time.monotonic()
        with translated():
            try:
                answer = await self._client.audio.transcriptions.create(
                    model=self.model, file=(name, sound), response_format="json", timeout=TIMEOUT_S
                )
            except (openai.BadRequestError, openai.UnprocessableEntityError) as error:
                if error.param != "file" and not UNREADABLE.search(str(error)):
                    raise
                raise ModelError(UNHEARD, may_be_billed=False) from error
            except openai.APIStatusError as error:
                if error.status_code not in NO_EARS:
                    raise
                logger.error("The model's server can't transcribe", extra={"status": error.status_code})
                raise ModelError(DEAF, may_be_billed=False) from error
        record_ms("TranscriptionTotal", round((time.monotonic() - began) * 1000))
        text = getattr(answer, "text", None)
        return text if isinstance(text, str) else ""

    def _price(self, seconds: int) -> int:
        return nanodollars(PRICES.get(self.model, 0) * seconds / MINUTE_S)
