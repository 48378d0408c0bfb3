"""A character's greetings, filled with the names."""

import random

from troupe.characters.card import Card
from troupe.characters.macros import fill
from troupe.telegram.texts import texts
from troupe.users import User


def greetings(card: Card, language: str, user: User | None) -> list[str]:
    """The first greeting and its alternates."""
    said = card.locale(language)
    return [_filled(text, card, language, user) for text in (said.greeting, *said.alternate_greetings)]


def welcome_back(card: Card, language: str, user: User | None) -> str:
    said = card.locale(language)
    return _filled(random.choice(said.welcome_back or [said.greeting]), card, language, user)  # noqa: S311 - no secret


def _filled(text: str, card: Card, language: str, user: User | None) -> str:
    name = (user.first_name if user else "") or texts(language).nameless
    return fill(text, char=card.char_name(language), user=name)
