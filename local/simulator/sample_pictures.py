"""The files behind the sample photo and the sample sticker."""

import io
from functools import cache

from PIL import Image, ImageDraw

SEA, SAND, SUN = (38, 92, 178), (226, 200, 140), (255, 214, 90)


@cache
def photo(width: int) -> bytes:
    """A JPEG of a beach, three quarters as high as wide."""
    height = width * 3 // 4
    picture = Image.new("RGB", (width, height), SEA)
    draw = ImageDraw.Draw(picture)
    draw.rectangle((0, height * 4 // 5, width, height), fill=SAND)
    draw.ellipse((width * 3 // 4, height // 10, width * 7 // 8, height // 10 + width // 8), fill=SUN)
    return _saved(picture, "JPEG")


@cache
def sticker() -> bytes:
    """A WebP with a transparent ground, as Telegram's stickers are."""
    picture = Image.new("RGBA", (512, 512))
    ImageDraw.Draw(picture).ellipse((40, 40, 472, 472), fill=(*SUN, 255))
    return _saved(picture, "WEBP")


def _saved(picture: Image.Image, kind: str) -> bytes:
    saved = io.BytesIO()
    picture.save(saved, kind)
    return saved.getvalue()
