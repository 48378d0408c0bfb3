"""A card's JSON, as it stands in a file or, in base64, in a picture."""

import base64
import binascii
import codecs
import re
from typing import Any

from pydantic_core import from_json

from troupe.characters.card_limits import MAX_DEPTH
from troupe.characters.card_refusal import CardRefusedError

MAX_JSON_BYTES = 4_000_000
# RisuAI's mark of an encrypted card.
PROTECTED = b"rcc||"

_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SPACES = re.compile(rb"\s+")
_URL_ALPHABET = bytes.maketrans(b"-_", b"+/")


def parse(raw: bytes) -> Any:
    """:raises CardRefusedError: no JSON, not in UTF-8, or beyond MAX_JSON_BYTES"""
    if len(raw) > MAX_JSON_BYTES:
        raise CardRefusedError("large_json", MAX_JSON_BYTES // 1_000_000)
    if raw.startswith(_UTF_16) or b"\0" in raw[:4]:
        raise CardRefusedError("not_utf8")
    raw = raw.removeprefix(codecs.BOM_UTF8)
    try:
        raw.decode()
    except UnicodeDecodeError:
        raise CardRefusedError("not_utf8") from None
    if raw.lstrip()[:1] == b"<":
        raise CardRefusedError("web_page")
    try:
        return from_json(raw, allow_inf_nan=False)
    except ValueError as error:
        # The parser's own limit is that of `card_limits`.
        if "recursion" in str(error):
            raise CardRefusedError("too_deep", MAX_DEPTH) from None
        raise CardRefusedError("not_json") from None


def parse_base64(text: bytes) -> Any:
    """Takes what Node's decoder takes: line breaks, the alphabet of URLs, no padding. Some editors write plain JSON.

    :raises CardRefusedError: as `parse`; or neither base64 nor JSON, or protected by RisuAI
    """
    if text.startswith(PROTECTED):
        raise CardRefusedError("protected")
    if len(text) > 2 * MAX_JSON_BYTES:
        raise CardRefusedError("large_json", MAX_JSON_BYTES // 1_000_000)
    text = _SPACES.sub(b"", text) if text.lstrip()[:1] != b"{" else text
    if text.startswith(b"{") or text.lstrip().startswith(b"{"):
        return parse(text)
    digits = text.translate(_URL_ALPHABET).rstrip(b"=")
    try:
        return parse(base64.b64decode(digits + b"=" * (-len(digits) % 4), validate=True))
    except binascii.Error:
        raise CardRefusedError("not_json") from None
