"""The portraits of people's characters: small pictures in the characters table, served by the picker's API.

A portrait has a name of its own that can't be guessed. It never changes under that name, so it may be cached for ever.
"""

import re

from pynamodb.attributes import BinaryAttribute, UnicodeAttribute

from troupe.characters.ids import new_id
from troupe.tables import Table

# A DynamoDB item has at most 400 kB. A picture of 640 x 960 pixels takes about 80 kB as JPEG.
MAX_PORTRAIT_BYTES = 300_000
# Relative to the picker's page, like the avatars of the characters that ship.
ADDRESS = "api/portraits/"

_NAME = re.compile(r"[a-z2-7]{26}")
_SIGNATURES = (
    ("image/jpeg", re.compile(rb"\xff\xd8\xff")),
    ("image/png", re.compile(rb"\x89PNG\r\n\x1a\n")),
    ("image/webp", re.compile(rb"RIFF....WEBP", re.DOTALL)),
)


class PortraitError(ValueError):
    """Too large, or no JPEG, PNG or WebP."""


class Portrait(Table):
    """`character_id` is "portrait:<name>", which is no id of a character."""

    class Meta:
        setting = "CHARACTERS_TABLE"
        table_name = ""

    character_id = UnicodeAttribute(hash_key=True)
    picture = BinaryAttribute(legacy_encoding=False)
    media_type = UnicodeAttribute()


def store(picture: bytes) -> str:
    """Returns the portrait's name.

    :raises PortraitError: not one of the pictures that a browser makes, or too large
    """
    kinds = [kind for kind, signature in _SIGNATURES if signature.match(picture)]
    if not kinds or len(picture) > MAX_PORTRAIT_BYTES:
        raise PortraitError("a portrait is a JPEG, PNG or WebP of at most 300 kB")
    name = new_id()
    Portrait(f"portrait:{name}", picture=picture, media_type=kinds[0]).save()
    return name


def find(name: str) -> Portrait | None:
    """Takes any string."""
    return Portrait.find(f"portrait:{name}") if _NAME.fullmatch(name) else None


def delete(name: str) -> None:
    Portrait(f"portrait:{name}").delete()


def address(name: str | None) -> str | None:
    return f"{ADDRESS}{name}" if name else None
