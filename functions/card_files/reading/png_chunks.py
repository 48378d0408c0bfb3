"""A PNG's chunks (https://www.w3.org/TR/png-3/#5Chunk-layout), read without decoding the picture.

Card editors write the card behind the picture's data, where imaging libraries show it only after decoding all of it.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

from troupe.characters.card_refusal import CardRefusedError

SIGNATURE = b"\x89PNG\r\n\x1a\n"
MAX_LENGTH = (1 << 31) - 1
# Length, type and CRC.
AROUND = 12
MAX_KEYWORD = 79
KEYWORDS = ("ccv3", "chara")


@dataclass(frozen=True)
class Chunk:
    kind: bytes
    data: memoryview


def chunks(png: bytes) -> Iterator[Chunk]:
    """Up to IEND; what stands behind it is no part of the picture. Checksums are not compared: some editors err.

    :raises CardRefusedError: the file is cut off or its lengths are impossible
    """
    view, at = memoryview(png), len(SIGNATURE)
    while at + AROUND <= len(view):
        length, kind = struct.unpack_from(">I4s", view, at)
        end = at + AROUND + length
        if length > MAX_LENGTH or end > len(view):
            break
        yield Chunk(kind, view[at + 8 : end - 4])
        if kind == b"IEND":
            return
        at = end
    raise CardRefusedError("damaged")


def texts(png: bytes) -> dict[str, bytes]:
    """The first text of each of KEYWORDS, in any case. Compressed texts (zTXt, iTXt) hold no cards.

    :raises CardRefusedError: as `chunks`
    """
    found: dict[str, bytes] = {}
    for chunk in chunks(png):
        if chunk.kind == b"tEXt":
            keyword = bytes(chunk.data[:MAX_KEYWORD]).partition(b"\0")[0]
            name = keyword.decode("latin-1").lower()
            if name in KEYWORDS and name not in found:
                found[name] = bytes(chunk.data[len(keyword) + 1 :])
    return found
