"""The file behind the sample voice message."""

from functools import cache

from functions.llm_reply.text_to_speech.libsndfile import OpusFile
from local.llm.sound import RATE, pcm

WORDS = "What would you take with you to an island? I would take you."


@cache
def voice() -> bytes:
    """Tones in place of words, four seconds of them."""
    note = OpusFile(RATE)
    note.add(pcm(WORDS, "alloy"))
    return note.close()[0]
