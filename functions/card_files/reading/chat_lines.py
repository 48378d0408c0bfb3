"""The lines of a SillyTavern chat (.jsonl): a header that may be missing, then a message each.

Each line is parsed by itself: a file of 20 MB takes little more memory than its bytes, and a broken line spoils no
other line.
"""

import io
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from functions.card_files.reading.send_dates import sent_ms
from troupe.brought_chats.chat import MAX_MESSAGE, MAX_NAME
from troupe.characters.leniency import flag, record, text
from troupe.characters.presentation import clean_line, shortened
from troupe.unicode import without_lone_surrogates

# A message with a picture in it, in base64. A longer line is no message.
MAX_LINE_BYTES = 4_000_000
# Lines that are read to tell whether a file is a chat.
MAX_LOOKED_AT = 5
_HEADER = {"user_name", "character_name", "chat_metadata"}
# Names of the program's own messages.
_PROGRAM = {"sillytavern system", "system", ""}
_NARRATOR = "narrator"
_BOM = b"\xef\xbb\xbf"
_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*\{")


@dataclass(frozen=True)
class ChatLine:
    """`name` is empty for a narrator. `sent_at` in milliseconds since 1970, None if the line has no date.

    `swipes`: the other versions of it. `is_cut`: its text was longer than MAX_MESSAGE.
    """

    is_user: bool
    name: str
    text: str
    sent_at: int | None
    swipes: int
    is_cut: bool


@dataclass
class Unread:
    """Counts the lines that are no messages of people or characters."""

    broken: int = 0
    system: int = 0


def is_chat(raw: bytes) -> bool:
    """Whether one of the first lines is a header or a message of a chat."""
    if not _BEGINNING.match(raw):
        return False
    for number, line in enumerate(_lines(raw)):
        found = _parsed(line)
        if found and (_is_message(found) or (_HEADER & found.keys() and "data" not in found)):
            return True
        if number + 1 >= MAX_LOOKED_AT:
            break
    return False


def read_lines(raw: bytes, unread: Unread) -> Iterator[ChatLine]:
    for number, line in enumerate(_lines(raw)):
        found = _parsed(line)
        if found is None or not _is_message(found):
            is_header = number == 0 and found is not None and bool(_HEADER & found.keys())
            unread.broken += not is_header
            continue
        said = _line(found)
        if said is None:
            unread.system += 1
        elif said.text:
            yield said
        else:
            # A picture without words.
            unread.system += 1


def _lines(raw: bytes) -> Iterator[bytes]:
    for line in io.BytesIO(raw.removeprefix(_BOM)):
        if line.strip():
            yield line


def _parsed(line: bytes) -> dict[str, Any] | None:
    if len(line) > MAX_LINE_BYTES:
        return None
    try:
        found = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return found if isinstance(found, dict) else None


def _is_message(found: Mapping[str, Any]) -> bool:
    return ("mes" in found or "swipes" in found) and ("is_user" in found or "name" in found)


def _line(found: Mapping[str, Any]) -> ChatLine | None:
    """None for a message of the program itself, or one that it hides from the model."""
    kind, name = text(record(found.get("extra")).get("type")), clean_line(text(found.get("name")))
    is_user = bool(flag(found.get("is_user")))
    if kind == _NARRATOR:
        name = ""
    elif flag(found.get("is_system")) and (kind or (not is_user and name.lower() in _PROGRAM)):
        return None
    versions = found.get("swipes")
    swipes = [_words(each) for each in versions] if isinstance(versions, list) else []
    said = _clean(_words(found.get("mes")) or _shown(swipes, found.get("swipe_id")))
    return ChatLine(
        is_user,
        shortened(name, MAX_NAME),
        shortened(said, MAX_MESSAGE),
        sent_ms(found.get("send_date")),
        max(0, len(swipes) - 1),
        len(said) > MAX_MESSAGE,
    )


def _words(value: object) -> str:
    """Chub's exporter puts a message into an object."""
    return text(value.get("message")) if isinstance(value, dict) else text(value)


def _shown(swipes: list[str], number: object) -> str:
    """A message may lack its text and have it among its versions."""
    at = number if isinstance(number, int) and 0 <= number < len(swipes) else 0
    return swipes[at] if swipes else ""


def _clean(said: str) -> str:
    """Without signs that no table and no message of Telegram's takes."""
    whole = without_lone_surrogates(said).replace("\r\n", "\n")
    return "".join(sign for sign in whole if sign >= " " or sign in "\n\t").strip()
