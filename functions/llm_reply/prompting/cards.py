"""The characters' cards, kept in memory for a minute: a card is read for every answer and changes rarely."""

from collections import OrderedDict
from dataclasses import dataclass

from functions.llm_reply.prompting.book.lines import Lore
from functions.llm_reply.prompting.prompt import Speakers
from troupe.characters.access import Access
from troupe.characters.book import read_book
from troupe.characters.card import Card
from troupe.characters.character import Character
from troupe.clock import monotonic_s
from troupe.telegram.texts import interface_language
from troupe.users import User

KEPT_S = 60
# A card may have 300 kB, and some three times that in memory.
MAX_KEPT = 24


@dataclass(frozen=True)
class _Kept:
    at_s: float
    card: Card
    lore: Lore
    access: Access


# The card that was used longest ago stands first.
_kept: "OrderedDict[str, _Kept]" = OrderedDict()


def card_of(character_id: str) -> Card | None:
    """None if there is no such character (any more)."""
    found = _read(character_id)
    return found.card if found else None


def card_for(person_id: int, character_id: str) -> Card | None:
    """None also if the person may not go on talking to the character."""
    found = _read(character_id)
    return found.card if found and found.access.may_go_on(person_id) else None


def lore_of(character_id: str) -> Lore:
    """The card's book."""
    found = _read(character_id)
    return found.lore if found else Lore()


def speakers_of(character_id: str, user: User | None) -> Speakers:
    """Character and person under the names that they have in the conversation."""
    card = card_of(character_id)
    tag = (user.language_choice or user.language) if user else None
    char = card.char_name(interface_language(tag)) if card else character_id
    return Speakers(char, (user and user.first_name) or "User")


def _read(character_id: str) -> _Kept | None:
    found = _kept.get(character_id)
    if found is None or monotonic_s() - found.at_s >= KEPT_S:
        stored = Character.with_card(character_id)
        if stored is None:
            return None
        character, written = stored
        card = Card.parse(written.encode())
        found = _Kept(monotonic_s(), card, Lore.of(read_book(card.data.character_book)), character.access)
    # Ten chats read cards on threads of their own: pop takes an entry that another thread may have removed.
    _kept.pop(character_id, None)
    _kept[character_id] = found
    while len(_kept) > MAX_KEPT:
        _kept.popitem(last=False)
    return found
