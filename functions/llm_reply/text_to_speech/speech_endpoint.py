"""Speech of any server with OpenAI's /v1/audio/speech."""

import asyncio

import openai
from openai import AsyncOpenAI

from functions.llm_reply.failures import MUTE
from functions.llm_reply.llm.errors import ModelError, broken, translated
from functions.llm_reply.text_to_speech.libsndfile import UnreadableSoundError
from functions.llm_reply.text_to_speech.port import Manner
from functions.llm_reply.text_to_speech.voice_note import VoiceNote, voice_note
from troupe.observability import logger

# Statuses of a server that has no such endpoint, or no such model.
NO_VOICE = (404, 405, 501)
# Models that are told how to speak. Others may refuse a parameter that they do not know.
ACTING = "gpt-4o-mini-tts"
TIMEOUT_S = 36


class SpeechEndpoint:
    def __init__(self, client: AsyncOpenAI) -> None:
        self._client = client

    async def say(self, words: str, model: str, manner: Manner) -> VoiceNote:
        """:raises ModelError: there is no sound"""
        sound = await self._ask(words, model, manner)
        try:
            return await asyncio.to_thread(voice_note, sound)
        except UnreadableSoundError as error:
            raise broken(f"no sound: {error}") from error

    async def _ask(self, words: str, model: str, manner: Manner) -> bytes:
        with translated():
            try:
                answer = await self._client.audio.speech.create(
                    model=model,
                    voice=manner.voice,
                    input=words,
                    response_format="opus",
                    instructions=manner.how if model.startswith(ACTING) else openai.omit,
                    timeout=TIMEOUT_S,
                )
                return await answer.aread()
            except openai.APIStatusError as error:
                if error.status_code not in NO_VOICE:
                    raise
                logger.error("The model's server can't speak", extra={"status": error.status_code})
                raise ModelError(MUTE, may_be_billed=False) from error
