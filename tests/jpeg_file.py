"""JPEG files as people's devices make them."""

import io
from typing import Any

from PIL import Image


def jpeg(width: int, height: int, **options: Any) -> bytes:
    """Of many colours; `options` as Pillow's, e.g. progressive, comment, exif."""
    file = io.BytesIO()
    Image.radial_gradient("L").resize((width, height)).convert("RGB").save(file, "JPEG", **options)
    return file.getvalue()
