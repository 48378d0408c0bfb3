"""Files that go from Telegram to us and back.

Each invocation makes its own client: a client's connections belong to the event loop that they were opened on, and
files come too seldom to keep a loop for them.
"""

import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram import Bot, InputFile
from telegram.error import BadRequest, TelegramError
from telegram.request import HTTPXRequest

from functions.card_files import settings
from troupe.characters.card_refusal import CardRefusedError

# Telegram's limit for what a bot may fetch.
MAX_FILE_BYTES = 20 * 1024 * 1024

# The client logs a response that is no JSON whole, at ERROR.
logging.getLogger("telegram").setLevel(logging.CRITICAL)


@asynccontextmanager
async def bot() -> AsyncIterator[Bot]:
    """A client without initialize(), which would cost a getMe."""
    patience = settings.telegram_timeout_s
    request = HTTPXRequest(connect_timeout=patience / 3, read_timeout=patience, write_timeout=patience)
    made = Bot(
        settings.telegram_bot_token(),
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=request,
        get_updates_request=request,
    )
    try:
        yield made
    finally:
        await request.shutdown()


async def fetched(client: Bot, file_id: str) -> bytes:
    """:raises CardRefusedError: the file is too large, or Telegram has deleted it
    :raises TelegramError: Telegram can't be reached just now
    """
    try:
        found = await client.get_file(file_id)
    except BadRequest as error:
        if "too big" in error.message.lower():
            raise CardRefusedError("large_file", MAX_FILE_BYTES // 2**20) from error
        raise CardRefusedError("unavailable") from error
    if (found.file_size or 0) > MAX_FILE_BYTES:
        raise CardRefusedError("large_file", MAX_FILE_BYTES // 2**20)
    return bytes(await found.download_as_bytearray())


async def send(client: Bot, chat_id: int, thread_id: int | None, document: bytes, name: str) -> None:
    """Sends to the topic; to the chat itself if the topic is closed or gone.

    :raises TelegramError: Telegram did not take it
    """
    for thread in dict.fromkeys([thread_id, None]):
        try:
            await client.send_document(chat_id, InputFile(document, filename=name), message_thread_id=thread)
        except BadRequest:
            if thread is None:
                raise
        else:
            return


__all__ = ["MAX_FILE_BYTES", "TelegramError", "bot", "fetched", "send"]
