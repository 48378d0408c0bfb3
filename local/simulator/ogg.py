"""A voice note that any player opens: Opus in Ogg, silent. https://www.rfc-editor.org/rfc/rfc7845"""

import struct

RATE = 48_000
FRAME = RATE // 50
# A packet of 20 ms of silence, in one channel.
SILENT_FRAME = b"\xf8\xff\xfe"
FRAMES_PER_PAGE = 50
SERIAL = 1
FIRST, LAST = 2, 4


def is_opus(data: bytes) -> bool:
    """Whether the file begins as Opus in Ogg does."""
    return data.startswith(b"OggS") and b"OpusHead" in data[:64]


def silent_note(seconds: int) -> bytes:
    head = b"OpusHead" + struct.pack("<BBHIhB", 1, 1, 0, RATE, 0, 0)
    tags = b"OpusTags" + struct.pack("<I", 6) + b"Troupe" + struct.pack("<I", 0)
    pages = [_page(0, 0, FIRST, [head]), _page(1, 0, 0, [tags])]
    for second in range(seconds):
        kind = LAST if second == seconds - 1 else 0
        at = (second + 1) * FRAMES_PER_PAGE * FRAME
        pages.append(_page(second + 2, at, kind, [SILENT_FRAME] * FRAMES_PER_PAGE))
    return b"".join(pages)


def _page(number: int, at: int, kind: int, packets: list[bytes]) -> bytes:
    """Each packet is shorter than 255 bytes, so each is one segment."""
    sizes = bytes(map(len, packets))
    start = struct.pack("<4sBBqII", b"OggS", 0, kind, at, SERIAL, number)
    rest = bytes([len(sizes)]) + sizes + b"".join(packets)
    checksum = _crc(start + b"\0\0\0\0" + rest)
    return start + struct.pack("<I", checksum) + rest


def _crc(data: bytes) -> int:
    """Ogg's: polynomial 0x04c11db7, not reflected."""
    value = 0
    for byte in data:
        value ^= byte << 24
        for _ in range(8):
            value = (value << 1) ^ (0x04C11DB7 if value & 0x80000000 else 0)
        value &= 0xFFFFFFFF
    return value
