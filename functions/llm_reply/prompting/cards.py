"""The characters' cards, kept for a minute: a card changes with a deployment and is read for every answer."""

import time

from troupe.characters.card import Card
from troupe.characters.character import Character

KEPT_SECONDS = 60
_kept: dict[str, tuple[float, Card]] = {}


def card_of(character_id: str) -> Card | None:
    """None if there is no such character (any more)."""
    found = _kept.get(character_id)
    if found and time.monotonic() - found[0] < KEPT_SECONDS:
        return found[1]
    character = Character.find(character_id)
    if character is None:
        return None
    card = Card.parse(character.card.encode())
    _kept[character_id] = (time.monotonic(), card)
    return card
