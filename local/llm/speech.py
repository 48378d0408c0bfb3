"""The speech endpoint: any words as tones, in the formats that the offline model can make."""

import io
import wave
from typing import Any

from functions.llm_reply.text_to_speech.libsndfile import OpusFile
from local.llm.errors import RefusedError, refusal
from local.llm.sound import RATE, pcm
from local.llm.sound_parameters import SPEECH

MODELS = ("tts-1", "tts-1-hd", "gpt-4o-mini-tts", "gpt-4o-mini-tts-2025-12-15")
FIRST_VOICES = ("alloy", "ash", "coral", "echo", "fable", "nova", "onyx", "sage", "shimmer")
VOICES = (*FIRST_VOICES, "ballad", "cedar", "marin", "verse")
MAX_INPUT = 4096
TYPES = {"opus": "audio/ogg", "wav": "audio/wav", "pcm": "audio/pcm"}


def check_speech_request(body: Any) -> None:
    """:raises RefusedError: 400 or 404"""
    SPEECH(body, "")
    if body["model"] not in MODELS:
        raise refusal(code="model_not_found", param="model")
    voices = FIRST_VOICES if body["model"].startswith("tts-1") else VOICES
    if body["voice"] not in voices:
        raise RefusedError(
            400, f"Invalid value: '{body['voice']}'. Supported values are: {list(voices)}.", param="voice"
        )
    if not 1 <= len(body["input"]) <= MAX_INPUT:
        raise RefusedError(400, f"Invalid 'input': 1 to {MAX_INPUT} characters.", "string_above_max_length", "input")


def sound_of(body: dict[str, Any]) -> tuple[bytes, str]:
    """The file, and its content type."""
    spoken, form = pcm(body["input"], body["voice"]), body.get("response_format") or "mp3"
    if form == "opus":
        made = OpusFile(RATE)
        made.add(spoken)
        return made.close()[0], TYPES[form]
    if form == "wav":
        return _wav(spoken), TYPES[form]
    if form == "pcm":
        return spoken, TYPES[form]
    raise RefusedError(400, f"The offline model makes no {form}: ask for opus, wav or pcm.", param="response_format")


def _wav(spoken: bytes) -> bytes:
    made = io.BytesIO()
    with wave.open(made, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(spoken)
    return made.getvalue()
