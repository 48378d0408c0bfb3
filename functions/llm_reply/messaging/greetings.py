"""A character's greetings, filled with the names."""

import random
from dataclasses import dataclass

from troupe.characters.card import Card
from troupe.characters.macros import Macros
from troupe.telegram.texts import texts
from troupe.users import User


@dataclass(frozen=True)
class Greeting:
    """`index` counts from 0, the card's first greeting; `read` is what prompts hold: `shown` without comments."""

    index: int
    shown: str
    read: str


def greetings(card: Card, language: str, user: User | None, conversation: str = "") -> list[Greeting]:
    """The first greeting and its alternates, without empty ones. There may be none.

    The same conversation gets the same of {{random}} and {{roll}} when it comes back to a greeting.
    """
    words = card.locale(language)
    found = []
    for index, text in enumerate((words.greeting, *words.alternate_greetings)):
        # Both have the same dice: the text that is shown and the text in prompts differ in comments alone.
        shown, read = (macros_of(card, language, user, conversation, index) for _ in range(2))
        greeting = Greeting(index, shown.shown(text), read.fill(text))
        found += [greeting] if greeting.shown.strip() else []
    return found


def welcome_back(card: Card, language: str, user: User | None) -> str:
    """The character's words for a person who comes back; the bot's own if the card has none."""
    lines = card.locale(language).welcome_back
    if not lines:
        return texts(language).welcome_back.format(name=card.char_name(language))
    line = random.choice(lines)  # noqa: S311 - variety, not secrecy
    return macros_of(card, language, user).shown(line)


def macros_of(card: Card, language: str, user: User | None, conversation: str = "", index: int = 0) -> Macros:
    name = (user.first_name if user else "") or texts(language).nameless
    dice = random.Random(f"{conversation}:{index}")  # noqa: S311 - variety, not secrecy
    return Macros(card.char_name(language), name, dice, conversation)
