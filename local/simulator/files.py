"""Files in Telegram: uploads of people and of the bot, and the bot's downloads (getFile, /file/bot<token>/<path>)."""

import hashlib
import io
import secrets
from contextlib import suppress
from typing import Literal

from PIL import Image, UnidentifiedImageError

from local.simulator import sample_pictures, sample_sounds
from local.simulator.refusal import Json, bad_request
from local.simulator.state import State
from local.simulator.telegram_server import TelegramServer

# The largest file that Telegram lets a bot fetch: https://core.telegram.org/bots/api#getfile
MAX_FETCHED_BYTES = 20 * 1024 * 1024
# Limits of a photo that a bot sends: bytes, the sum of width and height, and their ratio.
MAX_PHOTO_BYTES = 10 * 2**20
MAX_PHOTO_SIDES = 10_000
MAX_PHOTO_RATIO = 20
# The longest sides of the sizes that Telegram makes of a photo, and of the small picture of an image sent as a file.
PHOTO_SIDES = (90, 320, 800, 1280)
THUMBNAIL_SIDE = 320
PHOTO_QUALITY = 87

# The samples hold next to nothing, in the format that their names say.
SAMPLE_FILES = {"sample-document": b"%PDF-1.4\n%%EOF\n"}
GIF = "image/gif"
JPEG = b"\xff\xd8\xff"
SAMPLE_PHOTO = "sample-photo-"


def keep(state: State, data: bytes, name: str | None, content_type: str) -> str:
    """Returns a new file id."""
    file_id = secrets.token_urlsafe(24)
    state.files[file_id] = {"file_name": name, "content_type": content_type, "hex": data.hex()}
    return file_id


def unique_id(file_id: str) -> str:
    """The same for every message that carries the file."""
    return hashlib.sha256(file_id.encode()).hexdigest()[:16]


def as_document(state: State, data: bytes, name: str, content_type: str) -> Json:
    """The `document` of a message: the file goes through byte for byte. Name and type are its sender's to choose."""
    file_id = keep(state, data, name, content_type)
    document: Json = {
        "file_id": file_id,
        "file_unique_id": unique_id(file_id),
        "file_name": name,
        "mime_type": content_type,
        "file_size": len(data),
    }
    with suppress(ValueError):
        return document | {"thumbnail": _size(state, _picture(data), THUMBNAIL_SIDE)}
    return document


def as_animation(state: State, data: bytes, name: str) -> Json:
    """The media of a message with a GIF: as an `animation`, and, for bots that don't know that, as a `document`.

    :raises ValueError: no picture
    """
    picture = _picture(data)
    document = as_document(state, data, name, GIF)
    animation = document | {"width": picture.width, "height": picture.height, "duration": 1}
    return {"animation": animation, "document": document}


def as_sound(state: State, data: bytes, seconds: float, content_type: str) -> Json:
    """The `voice` or `audio` of a message."""
    file_id = keep(state, data, None, content_type)
    known = {"file_id": file_id, "file_unique_id": unique_id(file_id), "file_size": len(data)}
    return known | {"duration": round(seconds), "mime_type": content_type}


def as_photo(state: State, data: bytes) -> list[Json]:
    """The `photo` of a message: new JPEGs, the smallest first, which hold nothing of the file but its picture.

    :raises ValueError: no picture
    """
    picture = _picture(data)
    longest = max(picture.size)
    sides = [side for side in PHOTO_SIDES if side < longest]
    return [_size(state, picture, side) for side in (sides if longest > PHOTO_SIDES[-1] else [*sides, longest])]


def _picture(data: bytes) -> Image.Image:
    """:raises ValueError: no picture"""
    try:
        with Image.open(io.BytesIO(data)) as opened:
            return opened.convert("RGB")
    except (UnidentifiedImageError, OSError, Image.DecompressionBombError) as error:
        raise ValueError("A photo must be a picture") from error


def _size(state: State, picture: Image.Image, side: int) -> Json:
    """A `PhotoSize`."""
    shrunk = picture.copy()
    shrunk.thumbnail((side, side))
    saved = io.BytesIO()
    shrunk.save(saved, "JPEG", quality=PHOTO_QUALITY)
    file_id = keep(state, saved.getvalue(), None, "image/jpeg")
    size = {"width": shrunk.width, "height": shrunk.height, "file_size": len(saved.getvalue())}
    return {"file_id": file_id, "file_unique_id": unique_id(file_id), **size}


def bots_photo(state: State, file_id: str) -> list[Json]:
    """The `photo` of a message that the bot sends. Telegram makes a JPEG of whatever picture it is given.

    :raises Refused: no picture, or one that Telegram doesn't take: https://core.telegram.org/bots/api#sendphoto
    """
    data = contents(state, file_id)
    if data is None:
        raise bad_request("wrong file identifier/HTTP URL specified")
    if len(data) > MAX_PHOTO_BYTES:
        raise bad_request(f"file of size {len(data)} bytes is too big for a photo; the maximum size is 10485760 bytes")
    try:
        with Image.open(io.BytesIO(data)) as opened:
            width, height = opened.size
        if width + height > MAX_PHOTO_SIDES or max(width, height) > MAX_PHOTO_RATIO * min(width, height):
            raise bad_request("PHOTO_INVALID_DIMENSIONS")
        return as_photo(state, data)
    except (ValueError, OSError) as error:
        raise bad_request("IMAGE_PROCESS_FAILED") from error


def contents(state: State, file_id: str) -> bytes | None:
    kept = state.files.get(file_id)
    if kept:
        return bytes.fromhex(kept["hex"])
    if file_id.startswith(SAMPLE_PHOTO):
        return sample_pictures.photo(int(file_id.removeprefix(SAMPLE_PHOTO)))
    if file_id == "sample-voice":
        return sample_sounds.voice()
    return sample_pictures.sticker() if file_id == "sample-sticker" else SAMPLE_FILES.get(file_id)


def image_type(data: bytes) -> str:
    """The MIME type of a JPEG or WebP; empty for other files."""
    return "image/jpeg" if data.startswith(JPEG) else "image/webp" if data[8:12] == b"WEBP" else ""


def get_file(server: TelegramServer, params: Json) -> Json:
    file_id = params["file_id"]
    data = contents(server.state, file_id)
    if data is None:
        raise bad_request("wrong file_id or the file is temporarily unavailable")
    if len(data) > MAX_FETCHED_BYTES:
        raise bad_request("file is too big")
    kind: Literal["photos", "documents"] = "photos" if data.startswith(JPEG) else "documents"
    known = {"file_id": file_id, "file_unique_id": unique_id(file_id), "file_size": len(data)}
    return known | {"file_path": f"{kind}/{file_id}"}
