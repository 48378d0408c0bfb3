"""Chooses the file that a model is shown, among the files that Telegram keeps of a picture."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from functions.webhook.fields import Fields, optional_object, optional_text

# Of the sizes of a photo, the largest that Telegram's clients send as a rule. Models shrink larger pictures anyway.
MAX_SIDE = 1280
# For an image sent as a file. Telegram's own small picture replaces a larger file.
MAX_FILE_BYTES = 2 * 2**20
# The formats that models read.
READABLE = ("image/jpeg", "image/png", "image/webp")
# Kinds of messages of which Telegram's own small picture is all that is seen.
FILMS = ("video", "animation")
MAX_EMOJI = 16


@dataclass(frozen=True)
class Picture:
    """`file_id` is None for a sticker that moves: its emoji alone is read. `size` is None where Telegram says none."""

    file_id: str | None
    size: int | None = None
    emoji: str | None = None

    def to_json(self) -> dict[str, str | int | None]:
        return {"file_id": self.file_id, "bytes": self.size, "emoji": self.emoji}


def picture_in(fields: Fields, kind: str) -> Picture | None:
    """Never raises: a picture that can't be read is as good as none."""
    if kind in {"photo", "live_photo"}:
        return _photo(fields.get("photo"))
    if kind == "sticker":
        return _sticker(optional_object(fields, "sticker"))
    if kind in FILMS:
        return _file(optional_object(optional_object(fields, kind), "thumbnail"))
    return _image_file(optional_object(fields, "document")) if kind == "document" else None


def _photo(sizes: Any) -> Picture | None:
    known = list(_sizes(sizes))
    fitting = [each for each in known if each[0] <= MAX_SIDE]
    return max(fitting)[2] if fitting else min(known)[2] if known else None


def _sizes(sizes: Any) -> Iterator[tuple[int, str, Picture]]:
    for size in sizes if isinstance(sizes, list) else ():
        picture = _file(size) if isinstance(size, dict) else None
        if picture:
            yield max(_number(size, "width") or 0, _number(size, "height") or 0), str(picture.file_id), picture


def _sticker(fields: Fields) -> Picture | None:
    emoji = (_text(fields, "emoji") or "")[:MAX_EMOJI] or None
    moves = fields.get("is_animated") or fields.get("is_video")
    still = None if moves else _file(fields)
    if still:
        return Picture(still.file_id, still.size, emoji)
    return Picture(None, emoji=emoji) if emoji else None


def _image_file(fields: Fields) -> Picture | None:
    if not (_text(fields, "mime_type") or "").startswith("image/"):
        return None
    if fields.get("mime_type") in READABLE and (_number(fields, "file_size") or 0) <= MAX_FILE_BYTES:
        return _file(fields)
    # Without a small picture of Telegram's own, the file itself is asked for, and found too large.
    return _file(optional_object(fields, "thumbnail")) or _file(fields)


def _file(fields: Fields) -> Picture | None:
    file_id = _text(fields, "file_id")
    return Picture(file_id, _number(fields, "file_size")) if file_id else None


def _number(fields: Fields, name: str) -> int | None:
    value = fields.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 53 else None


def _text(fields: Fields, name: str) -> str | None:
    return optional_text(fields, name) if isinstance(fields.get(name), str) else None
