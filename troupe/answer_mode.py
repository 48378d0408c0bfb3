"""How people get their answers, in writing or aloud; and whether this bot can speak at all."""

from urllib.parse import urlsplit

OPENAI_HOST = "api.openai.com"
# A person's choice with /voice: in writing, in writing and aloud, or aloud where that can be.
TEXT, BOTH, VOICE = "text", "both", "voice"
MODES = (TEXT, BOTH, VOICE)


def can_speak(setting: str, base_url: str) -> bool:
    """:param setting: SPEECH_MODEL: a model's name; off; or auto, which is on for OpenAI's own server alone"""
    return setting != "off" and (setting != "auto" or urlsplit(base_url).hostname == OPENAI_HOST)
