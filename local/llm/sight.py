# ruff: noqa: RUF001 - Russian text is Russian
"""The offline model's sight: the size and the main colour of a picture. It decodes each picture, as models do."""

import base64
import binascii
import io
import re
from collections.abc import Sequence

from PIL import Image, UnidentifiedImageError

from local.llm.errors import RefusedError

URL = re.compile(r"\Adata:image/[a-z]+;base64,(.+)\Z")
FORMATS = ("JPEG", "PNG", "WEBP", "GIF")
# Name, Russian name, and an RGB value that is typical of it.
COLOURS = (
    ("black", "чёрный", (0, 0, 0)), ("white", "белый", (255, 255, 255)), ("grey", "серый", (128, 128, 128)),
    ("red", "красный", (210, 40, 40)), ("orange", "оранжевый", (240, 140, 40)), ("yellow", "жёлтый", (250, 220, 80)),
    ("green", "зелёный", (50, 150, 60)), ("blue", "синий", (40, 90, 200)), ("purple", "фиолетовый", (130, 60, 170)),
    ("pink", "розовый", (245, 160, 190)), ("brown", "коричневый", (120, 80, 45)),
)  # fmt: skip
OPAQUE = 128
SEEN = {"en": "a picture of {size}, mostly {colour}", "ru": "картинка {size}, больше всего в ней цвета «{colour}»"}


def seen(url: str, language: str) -> str:
    """:param url: a data URL
    :raises RefusedError: 400, as OpenAI says it
    """
    picture = opened(url)
    red, green, blue = _main(picture)
    distances = [
        sum((one - other) ** 2 for one, other in zip((red, green, blue), rgb, strict=True)) for *_, rgb in COLOURS
    ]
    english, russian, _ = COLOURS[distances.index(min(distances))]
    size = f"{picture.width}×{picture.height}"
    return SEEN[language].format(size=size, colour=russian if language == "ru" else english)


def opened(url: str) -> Image.Image:
    """:raises RefusedError: 400, no data URL of a picture"""
    try:
        (data,) = URL.findall(url)
        with Image.open(io.BytesIO(base64.b64decode(data, validate=True)), formats=FORMATS) as picture:
            return picture.convert("RGBA")
    except (ValueError, binascii.Error, UnidentifiedImageError, OSError) as error:
        raise RefusedError(
            400, "You uploaded an unsupported image. Please make sure your image is valid.", "invalid_image_format"
        ) from error


def picture_tokens(url: str) -> int:
    """Counts tokens as a model does that reads squares of 32 pixels.

    :raises RefusedError: 400, no data URL of a picture
    """
    picture = opened(url)
    return -(-picture.width // 32) * -(-picture.height // 32)


def described(urls: Sequence[str], language: str) -> str:
    return "; ".join(seen(url, language) for url in urls)


def _main(picture: Image.Image) -> tuple[int, int, int]:
    """The most frequent colour of the picture, without its transparent pixels."""
    small = picture.resize((32, 32)).quantize(8).convert("RGBA")
    counted = small.getcolors(1024) or []
    visible = [(count, colour[:3]) for count, colour in counted if isinstance(colour, tuple) and colour[3] >= OPAQUE]
    red, green, blue = max(visible, default=(0, (255, 255, 255)))[1]
    return red, green, blue
