"""Pictures that people have sent, as data URLs. Telegram's own URL of a file holds the bot's token."""

import asyncio
import base64
from collections.abc import Sequence
from dataclasses import dataclass, replace

from telegram.error import TelegramError

from functions.llm_reply.failures import LARGE_PICTURE, MODEL_ATTEMPTS, UNREADABLE_PICTURE, Failure, of_telegram
from functions.llm_reply.messaging.telegram_files import fetch
from troupe.conversations.turn import Turn

# A worker answers ten chats, and has 256 MB for all of them. An album has up to ten photos of some 200 kB.
MAX_BYTES, MAX_TOGETHER, MAX_PICTURES = 3 * 2**20, 4 * 2**20, 10
# The first bytes of files that models read, with their types. A file's name and type are its sender's choice.
TYPES = {b"\xff\xd8\xff": "jpeg", b"\x89PNG\r\n\x1a\n": "png"}
WEBP = (b"RIFF", b"WEBP")
# Files that are fetched at once.
_room = asyncio.Semaphore(6)


@dataclass(frozen=True)
class Fetched:
    """Data URLs, oldest first, and the reason if a picture is missing among them."""

    pictures: tuple[str, ...] = ()
    failure: Failure | None = None


def file_of(turn: Turn) -> str | None:
    return str(turn.picture["file_id"]) if turn.picture and turn.picture["file_id"] else None


async def fetch_all(pictured: Sequence[Turn]) -> Fetched:
    """The newest ones, as far as there is room for them."""
    found = await asyncio.gather(*map(_fetch, pictured[-MAX_PICTURES:]))
    pictures: list[str] = []
    failure, left = None, MAX_TOGETHER
    for each in reversed(found):
        if isinstance(each, Failure):
            failure = each if failure is None or each.retry else failure
        elif len(each) > left:
            failure = failure or LARGE_PICTURE
        else:
            left -= len(each)
            pictures.insert(0, _data_url(each))
    return Fetched(tuple(pictures), failure)


async def _fetch(turn: Turn) -> bytes | Failure:
    if (turn.picture["bytes"] or 0) > MAX_BYTES:
        return LARGE_PICTURE
    try:
        async with _room:
            data = await fetch(turn.picture["file_id"], MAX_BYTES)
    except TelegramError as error:
        failure = of_telegram(error)
        # The chat's later messages wait for this one.
        return replace(failure, tries=MODEL_ATTEMPTS) if failure.retry else UNREADABLE_PICTURE
    if data is None:
        return LARGE_PICTURE
    return data if _type_of(data) else UNREADABLE_PICTURE


def _type_of(data: bytes) -> str | None:
    if (data[:4], data[8:12]) == WEBP:
        return "webp"
    return next((kind for begin, kind in TYPES.items() if data.startswith(begin)), None)


def _data_url(data: bytes) -> str:
    return f"data:image/{_type_of(data)};base64,{base64.b64encode(data).decode()}"
