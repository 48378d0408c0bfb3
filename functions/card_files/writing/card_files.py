"""Cards as files: JSON of chara_card_v3, and a PNG with that card and its V2 copy, as SillyTavern writes them."""

import base64
import io
import json
import struct
import zlib
from collections.abc import Mapping
from typing import Any

from PIL import Image

from functions.card_files.writing.card_v2 import backfilled

# The size of the picture for a character without a portrait.
BLANK_SIZE = (512, 768)
BLANK_COLOUR = "#5b6b7f"
_IEND = b"\x00\x00\x00\x00IEND\xaeB`\x82"


def as_json(card: Mapping[str, Any]) -> bytes:
    return json.dumps(card, ensure_ascii=False, indent=2).encode()


def as_png(card: Mapping[str, Any], picture: bytes | None, warning: str) -> bytes:
    """:param picture: the portrait, None without one
    :param warning: stands before the notes of the V2 copy
    """
    texts = _text_chunk("chara", backfilled(card, warning)) + _text_chunk("ccv3", card)
    return _without_texts(picture).removesuffix(_IEND) + texts + _IEND


def _without_texts(picture: bytes | None) -> bytes:
    """The portrait as a PNG that holds nothing but its pixels."""
    if picture is None:
        drawn = Image.new("RGB", BLANK_SIZE, BLANK_COLOUR)
    else:
        with Image.open(io.BytesIO(picture)) as opened:
            drawn = opened.convert("RGB")
            drawn.info.clear()
    saved = io.BytesIO()
    drawn.save(saved, "PNG")
    return saved.getvalue()


def _text_chunk(keyword: str, card: Mapping[str, Any]) -> bytes:
    encoded = base64.b64encode(json.dumps(card, ensure_ascii=False).encode())
    data = b"tEXt" + keyword.encode() + b"\0" + encoded
    return struct.pack(">I", len(data) - 4) + data + struct.pack(">I", zlib.crc32(data))
