"""Takes the picture out of a JPEG: metadata would be passed on with the portrait."""

import struct

MAX_SIDE = 1024
MAX_BYTES = 300_000

# Of each marker's two bytes: the first, and the second of those that are named here.
_MARK = 0xFF
_START, _END, _SCAN = 0xD8, 0xD9, 0xDA
# Frame headers that every program reads: baseline, extended, progressive.
_FRAMES = {0xC0, 0xC1, 0xC2}
# Tables of quantisation and Huffman codes, and the interval of restarts.
_TABLES = {0xDB, 0xC4, 0xDD}
_RESTARTS = range(0xD0, 0xD8)


class JpegError(ValueError):
    """No JPEG, damaged, or larger than a portrait."""


def bare(picture: bytes) -> bytes:
    """The same picture with only the parts that are needed to show it.

    :raises JpegError: see there
    """
    if len(picture) > MAX_BYTES or picture[:2] != bytes((_MARK, _START)):
        raise JpegError
    kept, at, frames = [picture[:2]], 2, 0
    try:
        while True:
            marker = _marker(picture, at)
            if marker == _END:
                break
            end = at + 2 + _length(picture, at)
            if marker in _FRAMES:
                _check_size(picture, at)
                frames += 1
            if marker == _SCAN:
                end = _end_of_scan(picture, end)
            if marker in _FRAMES or marker in _TABLES or marker == _SCAN:
                kept.append(picture[at:end])
            at = end
    except (IndexError, ValueError, struct.error) as error:
        raise JpegError from error
    if frames != 1 or kept[-1][1] != _SCAN:
        raise JpegError
    return b"".join([*kept, bytes((_MARK, _END))])


def _marker(picture: bytes, at: int) -> int:
    if picture[at] != _MARK:
        raise JpegError
    return picture[at + 1]


def _length(picture: bytes, at: int) -> int:
    (length,) = struct.unpack_from(">H", picture, at + 2)
    if at + 2 + length > len(picture):
        raise JpegError
    return max(int(length), 2)  # it counts its own two bytes


def _check_size(picture: bytes, at: int) -> None:
    height, width = struct.unpack_from(">HH", picture, at + 5)
    if not (0 < height <= MAX_SIDE and 0 < width <= MAX_SIDE):
        raise JpegError


def _end_of_scan(picture: bytes, at: int) -> int:
    """The place of the next marker. In the picture's data 0xFF is followed by 0, or by the mark of a restart."""
    while True:
        at = picture.index(b"\xff", at)
        if picture[at + 1] and picture[at + 1] not in _RESTARTS:
            return at
        at += 2
