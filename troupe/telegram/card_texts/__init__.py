"""The bot's texts about characters that people bring, in each language."""

from troupe.telegram.card_texts.catalogue import CardTexts
from troupe.telegram.card_texts.en import ENGLISH_CARDS
from troupe.telegram.card_texts.ru import RUSSIAN_CARDS
from troupe.telegram.texts import interface_language

CARD_LANGUAGES = {"en": ENGLISH_CARDS, "ru": RUSSIAN_CARDS}

__all__ = ["CARD_LANGUAGES", "ENGLISH_CARDS", "RUSSIAN_CARDS", "CardTexts", "card_texts"]


def card_texts(tag: str | None) -> CardTexts:
    return CARD_LANGUAGES[interface_language(tag)]
