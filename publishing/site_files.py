"""Content type and caching of the picker's files, the same from CloudFront and on a laptop."""

import mimetypes
from pathlib import PurePath

LONG, SHORT = "public, max-age=604800", "public, max-age=60"
COMPRESSIBLE = {"text/html", "text/css", "text/javascript", "image/svg+xml", "application/json"}
# The operating system's table of types may lack these, or have other names for them.
TYPES = {".js": "text/javascript", ".svg": "image/svg+xml", ".webp": "image/webp", ".woff2": "font/woff2"}


def content_type(file: PurePath) -> str:
    """Without the charset."""
    return TYPES.get(file.suffix) or mimetypes.guess_type(file.name)[0] or "application/octet-stream"


def headers(file: PurePath) -> dict[str, str]:
    """:param file: relative to the site"""
    kind = content_type(file)
    return {
        "Content-Type": f"{kind}; charset=utf-8" if kind in COMPRESSIBLE else kind,
        "Cache-Control": LONG if file.parts[0] == "avatars" else SHORT,
    }
