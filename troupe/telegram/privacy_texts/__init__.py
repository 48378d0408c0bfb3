"""The bot's texts about a person's data, in each language. They stand apart, because few updates need them."""

from troupe.telegram.privacy_texts.catalogue import PrivacyTexts
from troupe.telegram.privacy_texts.en import ENGLISH
from troupe.telegram.privacy_texts.ru import RUSSIAN
from troupe.telegram.texts import interface_language

_LANGUAGES = {"en": ENGLISH, "ru": RUSSIAN}

__all__ = ["PrivacyTexts", "privacy_texts"]


def privacy_texts(tag: str | None) -> PrivacyTexts:
    """:param tag: IETF tag, as `troupe.telegram.texts.texts` takes it"""
    return _LANGUAGES[interface_language(tag)]
