"""The bot's texts for its owners, in each language."""

from datetime import UTC, datetime

from troupe.telegram.owner_texts.catalogue import OwnerTexts
from troupe.telegram.owner_texts.en import ENGLISH
from troupe.telegram.owner_texts.ru import RUSSIAN
from troupe.telegram.texts import interface_language

__all__ = ["ENGLISH", "RUSSIAN", "OwnerTexts", "owner_texts", "written_time"]

OWNER_LANGUAGES = {"en": ENGLISH, "ru": RUSSIAN}


def owner_texts(tag: str | None) -> OwnerTexts:
    return OWNER_LANGUAGES[interface_language(tag)]


def written_time(at_ms: float) -> str:
    """To the minute, in UTC: the bot does not know its owners' time zones."""
    return f"{datetime.fromtimestamp(at_ms / 1000, UTC):%Y-%m-%d %H:%M} UTC"
