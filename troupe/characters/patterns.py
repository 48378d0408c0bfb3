"""Keys of a book that are regular expressions: "/gull +rock/i", as JavaScript writes them.

They come from strangers, so RE2 runs them: its time is in proportion to the text. It knows no look-around and no
back-references; such a key matches nothing.
"""

import re
from functools import lru_cache
from typing import Protocol, cast

_WRITTEN = re.compile(r"/(?P<body>(?:[^\\/]|\\.)+)/(?P<flags>[dgimsuvy]*)", re.DOTALL)
# JavaScript's \u0430 and \u{430} are RE2's \x{430}; an even number of backslashes before them is text.
_CODE_POINT = re.compile(r"\\(?:u\{?([0-9a-fA-F]{4,6})\}?|(.))", re.DOTALL)
# Bytes of a compiled pattern. RE2's own limit is eight times as much.
MAX_MEMORY = 1 << 20
MAX_LENGTH = 2000


class Pattern(Protocol):
    def search(self, text: str) -> object | None: ...


def is_pattern(key: str) -> bool:
    return _WRITTEN.fullmatch(key) is not None


@lru_cache(maxsize=512)
def compiled(key: str) -> Pattern | None:
    """None if it is no pattern, or one that RE2 can't run."""
    written = _WRITTEN.fullmatch(key)
    if written is None or len(key) > MAX_LENGTH:
        return None
    # Imported when the first card has a pattern, so that no start waits for it.
    import re2  # type: ignore[import-untyped]  # it has no types  # noqa: PLC0415

    options = re2.Options()
    # Otherwise RE2 prints the card's text to stderr.
    options.log_errors = False
    options.max_mem = MAX_MEMORY
    flags = "".join(flag for flag in "ims" if flag in written["flags"])
    body = _CODE_POINT.sub(lambda found: rf"\x{{{found[1]}}}" if found[1] else found[0], written["body"])
    try:
        return cast("Pattern", re2.compile(f"(?{flags}){body}" if flags else body, options))
    except re2.error:
        return None
