"""The voices that a character may have. OpenAI's two ways to speak share these names.

https://developers.openai.com/api/docs/guides/text-to-speech#voice-options
"""

import re

VOICES = ("alloy", "ash", "ballad", "cedar", "coral", "echo", "marin", "sage", "shimmer", "verse")
# The voice of a character whose card names none.
DEFAULT_VOICE = "alloy"
# A card may name a voice of another server.
NAME = re.compile(r"[A-Za-z0-9_.+-]{1,64}")


def voice_name(value: object) -> str:
    """Returns the name; empty if no voice can have it."""
    return value if isinstance(value, str) and NAME.fullmatch(value) else ""
