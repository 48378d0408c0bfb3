"""Recognises a file by its bytes: its sender may have chosen any name and type."""

import base64
import binascii
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.card_files.reading import card_json, png_chunks
from functions.card_files.reading.archive import Archive, is_archive
from troupe.characters.brought_card import BroughtCard, read_brought
from troupe.characters.card_refusal import CardRefusedError
from troupe.characters.leniency import record, text

JPEG = b"\xff\xd8\xff"
ZIP = b"PK\x03\x04"
EMPTY_ZIP = b"PK\x05\x06"
MAX_DATA_URI = 6_000_000

_PICTURES = (JPEG, b"GIF8", b"RIFF", b"BM")
_TEXT = re.compile(rb"[\s\xef\xbb\xbf]*[{\[<]")
_EMBEDDED = re.compile(r"(?:embed(?:d)?ed://|__asset:)(.+)", re.DOTALL)
# A ccv3 text that is one of these is as good as none, if there is a chara text beside it.
_UNREADABLE = {"not_json", "not_utf8", "too_deep", "not_a_card", "no_name", "protected", "web_page"}


class NoCardFileError(Exception):
    """The file is of no kind that characters come in."""


@dataclass(frozen=True)
class CardFile:
    """`picture` is the file of the portrait, in an unknown format and of any size in pixels; None without one.

    `fell_back`: the picture's V3 card can't be read, and its V2 card was taken.
    """

    brought: BroughtCard
    picture: bytes | None = None
    fell_back: bool = False


def read_card_file(raw: bytes) -> CardFile:
    """:raises NoCardFileError: of another kind
    :raises CardRefusedError: of a kind that characters come in, and without one that can be used
    """
    if not raw:
        raise CardRefusedError("empty")
    if raw.startswith(png_chunks.SIGNATURE):
        return _from_png(raw)
    if raw.startswith((ZIP, EMPTY_ZIP)) or (raw.startswith(JPEG) and is_archive(raw)):
        return _from_archive(raw)
    if raw.startswith(_PICTURES):
        raise CardRefusedError("picture_without_card")
    if not _TEXT.match(raw) and not raw.startswith((b"\xff\xfe", b"\xfe\xff", b"\0")):
        raise NoCardFileError
    brought = read_brought(card_json.parse(raw))
    return CardFile(brought, _icon(brought.card["data"], None))


def _from_png(raw: bytes) -> CardFile:
    found = png_chunks.texts(raw)
    if not found:
        raise CardRefusedError("picture_without_card")
    if "ccv3" not in found:
        return CardFile(read_brought(card_json.parse_base64(found["chara"])), raw)
    try:
        return CardFile(read_brought(card_json.parse_base64(found["ccv3"])), raw)
    except CardRefusedError as error:
        if "chara" not in found or error.reason not in _UNREADABLE:
            raise
    return CardFile(read_brought(card_json.parse_base64(found["chara"])), raw, fell_back=True)


def _from_archive(raw: bytes) -> CardFile:
    archive = Archive(raw)
    brought = read_brought(card_json.parse(archive.card()))
    return CardFile(brought, _icon(brought.card["data"], archive) or (raw if raw.startswith(JPEG) else None))


def _icon(data: Mapping[str, Any], archive: Archive | None) -> bytes | None:
    """The icon named main, else the first that can be read. Only what is in the file is read: no address is fetched."""
    icons = [record(asset) for asset in data.get("assets", []) if text(record(asset).get("type")) == "icon"]
    for icon in sorted(icons, key=lambda each: each.get("name") != "main"):
        uri = text(icon.get("uri"))
        found = _data_uri(uri) or (_member(uri, archive) if archive else None)
        if found:
            return found
    return None


def _member(uri: str, archive: Archive) -> bytes | None:
    path = _EMBEDDED.fullmatch(uri)
    return archive.asset(path[1]) if path else None


def _data_uri(uri: str) -> bytes | None:
    if not uri.startswith("data:image/") or len(uri) > MAX_DATA_URI:
        return None
    try:
        return base64.b64decode(uri.partition(";base64,")[2], validate=True)
    except (binascii.Error, ValueError):
        return None
