"""A row of the characters table: the card, and the attributes that the picker shows."""

import re
from typing import Any

from pynamodb.attributes import BinaryAttribute, JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.indexes import GlobalSecondaryIndex, IncludeProjection

from troupe.characters.access import BUILT_IN, PUBLIC, Access
from troupe.characters.packed_card import CardLostError, unpacked
from troupe.tables import Table

# The characters that Telegram allows in a deep link, without capitals.
CHARACTER_ID = re.compile(r"[a-z0-9_-]{1,64}")


# The attributes that a list shows of a character, and those that say who may see it.
_SHOWN = ["character_id", "owner", "visibility", "share_token", "avatar", "tags", "locales"]


class PickerIndex(GlobalSecondaryIndex["Character"]):  # type: ignore[no-untyped-call]  # pynamodb leaves it untyped
    """The characters with a `position`, by visibility and in the picker's order, without their cards."""

    class Meta:
        index_name = "picker"
        projection = IncludeProjection(["avatar", "tags", "locales"])

    visibility = UnicodeAttribute(hash_key=True)
    position = NumberAttribute(range_key=True)


class Character(Table):
    """One item per character: the whole chara_card_v3 card, and what is shown of it, taken from it when it is stored.

    A character that ships has its card in `card`, as JSON. A person's has it in `packed_card`, and the rest of a large
    one in further items; `card_text` reads both. `troupe.characters.owned` writes the characters of people.
    """

    class Meta:
        setting = "CHARACTERS_TABLE"
        table_name = ""

    picker = PickerIndex()

    character_id = UnicodeAttribute(hash_key=True)
    card = UnicodeAttribute(null=True)
    packed_card = BinaryAttribute(null=True, legacy_encoding=False)
    # Names the packed card's further items, so that a change never mixes two cards.
    revision = UnicodeAttribute(null=True)
    further_parts = NumberAttribute(null=True)
    # `troupe.characters.access` says what the two mean.
    owner = UnicodeAttribute(default=BUILT_IN)
    visibility = UnicodeAttribute(default=PUBLIC)
    share_token = UnicodeAttribute(null=True)
    # The place in the picker, from 1. Missing: the character is in no list but its owner's.
    position = NumberAttribute(null=True)
    # Relative to the picker's page: "avatars/mario.svg", "api/portraits/<name>".
    avatar = UnicodeAttribute(null=True)
    tags = JSONAttribute(default=list)
    # {"en": {"name", "tagline"}, "ru": {...}}: greetings stay in the card.
    locales = JSONAttribute()

    @property
    def access(self) -> Access:
        return Access(str(self.owner), str(self.visibility), str(self.share_token or ""))

    @classmethod
    def access_of(cls, character_id: str) -> Access | None:
        """Takes any string; None if there is no such character. Reads three attributes, not the card."""
        if not CHARACTER_ID.fullmatch(character_id):
            return None
        try:
            return cls.get(character_id, attributes_to_get=["owner", "visibility", "share_token"]).access
        except cls.DoesNotExist:
            return None

    @classmethod
    def shown_of(cls, character_id: str) -> "Character | None":
        """The attributes that a list shows, without the card; None if there is no such character."""
        try:
            return cls.get(character_id, attributes_to_get=_SHOWN)
        except cls.DoesNotExist:
            return None

    @classmethod
    def may_choose(cls, person_id: int, character_id: str, share_token: str = "") -> bool:
        """Takes any strings. The token is the one of the link that the person followed."""
        access = cls.access_of(character_id)
        return access is not None and access.may_choose(person_id, share_token)

    def card_text(self) -> str:
        """The card as JSON.

        :raises CardLostError: the card was changed at this moment; read the character again
        """
        if self.packed_card is None:
            return str(self.card)
        return unpacked(self.packed_card, self.character_id, str(self.revision), int(self.further_parts or 0))

    @classmethod
    def with_card(cls, character_id: str) -> "tuple[Character, str] | None":
        """The character and its card as JSON; None if there is no such character."""
        while character := cls.find(character_id):
            try:
                return character, character.card_text()
            except CardLostError:
                continue
        return None

    @classmethod
    def listed(cls) -> "list[Character]":
        """Everybody's characters in the picker's order, without their cards."""
        return list(cls.picker.query(PUBLIC))

    def words(self, language: str) -> dict[str, Any]:
        """Name, tagline and tags in that language; in English, or else in any, if the card lacks the language."""
        locales: dict[str, dict[str, Any]] = self.locales
        return locales.get(language) or locales.get("en") or next(iter(locales.values()))
