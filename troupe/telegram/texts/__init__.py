"""The bot's own texts, as opposed to its characters' words, in each language."""

from troupe.telegram.texts.catalogue import Texts
from troupe.telegram.texts.en import ENGLISH
from troupe.telegram.texts.ru import RUSSIAN

# The first one is for everybody whose own language is not here.
LANGUAGES = {"en": ENGLISH, "ru": RUSSIAN}
DEFAULT_LANGUAGE = "en"

__all__ = ["DEFAULT_LANGUAGE", "ENGLISH", "LANGUAGES", "RUSSIAN", "Texts", "interface_language", "texts"]


def interface_language(tag: str | None) -> str:
    """One of LANGUAGES for an IETF tag of Telegram's, such as "ru", "pt-br" or "ru_RU"."""
    code = (tag or "").strip().lower().replace("_", "-").split("-")[0]
    return code if code in LANGUAGES else DEFAULT_LANGUAGE


def texts(tag: str | None) -> Texts:
    return LANGUAGES[interface_language(tag)]
