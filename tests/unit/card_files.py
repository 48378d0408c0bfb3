"""Files that characters come in, made for tests: pictures, archives, and broken ones of both."""

import base64
import io
import json
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from PIL import Image

SIGNATURE = b"\x89PNG\r\n\x1a\n"


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def text_chunk(keyword: str, text: bytes) -> bytes:
    return chunk(b"tEXt", keyword.encode("latin-1") + b"\0" + text)


def encoded(card: object) -> bytes:
    return base64.b64encode(json.dumps(card, ensure_ascii=False).encode())


def png(*texts: tuple[str, object], size: tuple[int, int] = (8, 12), before: bool = False) -> bytes:
    """A picture with these texts; values that are no bytes are put in as cards are.

    :param before: the texts stand before the picture's data, not behind it
    """
    made = b"".join(text_chunk(name, text if isinstance(text, bytes) else encoded(text)) for name, text in texts)
    width, height = size
    head = chunk(b"IHDR", struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0))
    # Rows of one colour, each behind the number of its filter.
    body = chunk(b"IDAT", zlib.compress((b"\0" + b"\xb0\x60\x30" * width) * height, 9))
    return SIGNATURE + head + (made + body if before else body + made) + chunk(b"IEND", b"")


def picture(form: str, size: tuple[int, int] = (8, 12), colour: str = "#b06030") -> bytes:
    saved = io.BytesIO()
    Image.new("RGB", size, colour).save(saved, form)
    return saved.getvalue()


def archive(members: Mapping[str, bytes | object], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Members that are no bytes are put in as JSON."""
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", method) as made:
        for name, content in members.items():
            made.writestr(name, content if isinstance(content, bytes) else json.dumps(content))
    return packed.getvalue()


def as_json(card: Any) -> bytes:
    return json.dumps(card, ensure_ascii=False).encode()
