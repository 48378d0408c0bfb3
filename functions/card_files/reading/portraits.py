"""A portrait as it is kept: a small JPEG of the picture's first frame, without anything else that the file holds."""

import io
import warnings

from PIL import Image

MAX_PIXELS = 16_000_000
# Twice as large as the page shows it, for screens with two pixels to a point.
MAX_SIZE = (640, 960)
QUALITY = 85
FORMATS = ("PNG", "JPEG", "WEBP", "GIF", "BMP")


class PictureRefusedError(ValueError):
    """The picture has more pixels than MAX_PIXELS, or can't be read."""


def portrait(picture: bytes) -> bytes:
    """:raises PictureRefusedError: it is too large, or broken"""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error")
            return _shrunk(picture)
    except Exception as error:  # the decoders raise errors of every kind on broken pictures
        raise PictureRefusedError(type(error).__name__) from error


def _shrunk(picture: bytes) -> bytes:
    with Image.open(io.BytesIO(picture), formats=FORMATS) as opened:
        # Opening reads the header alone. Pillow's own limit is one for the whole process, and so not changed.
        if opened.width * opened.height > MAX_PIXELS:
            raise PictureRefusedError("too many pixels")
        # JPEG only: decodes at a fraction of the size.
        opened.draft("RGB", MAX_SIZE)
        small = opened.convert("RGBA" if _is_transparent(opened) else "RGB")
    small.thumbnail(MAX_SIZE)
    if small.mode == "RGBA":
        on_white = Image.new("RGBA", small.size, "white")
        small = Image.alpha_composite(on_white, small).convert("RGB")
    saved = io.BytesIO()
    small.save(saved, "JPEG", quality=QUALITY, optimize=True)
    return saved.getvalue()


def _is_transparent(picture: Image.Image) -> bool:
    return "A" in picture.getbands() or "transparency" in picture.info
