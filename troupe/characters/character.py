"""A character as it stands in the table: the card, and beside it what the picker shows."""

import re

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute

from troupe.tables import Table

# What Telegram lets a deep link carry, in lower case.
CHARACTER_ID = re.compile(r"[a-z0-9_-]{1,64}")


class Character(Table):
    """One item per character. `card` is the whole chara_card_v3 JSON; the rest is taken from it when it is loaded."""

    class Meta:
        setting = "CHARACTERS_TABLE"
        table_name = ""

    character_id = UnicodeAttribute(hash_key=True)
    card = UnicodeAttribute()
    # "house" for the cast that ships; a user's id otherwise.
    owner = UnicodeAttribute(default="house")
    visibility = UnicodeAttribute(default="public")
    # Where it stands in the picker, from 1.
    position = NumberAttribute()
    # Relative to the picker's page: "avatars/mario.svg".
    avatar = UnicodeAttribute()
    tags = JSONAttribute(default=list)
    # {"en": {"name", "tagline"}, "ru": {...}}: greetings stay in the card.
    locales = JSONAttribute()

    @classmethod
    def is_known(cls, character_id: str) -> bool:
        """Takes any string. Asks for the key alone: the card is not worth reading for that."""
        if not CHARACTER_ID.fullmatch(character_id):
            return False
        try:
            cls.get(character_id, attributes_to_get=["character_id"])
        except cls.DoesNotExist:
            return False
        return True
