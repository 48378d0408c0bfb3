"""The interface of a server that speaks."""

from dataclasses import dataclass
from typing import Protocol

from functions.llm_reply.text_to_speech.voice_note import VoiceNote


@dataclass(frozen=True)
class Manner:
    """:param how: the character's name and way of talking, for models that act"""

    voice: str
    how: str


class TextToSpeech(Protocol):
    async def say(self, words: str, model: str, manner: Manner) -> VoiceNote:
        """:raises ModelError: there is no sound"""
