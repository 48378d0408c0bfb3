"""Files that people have sent, fetched from Telegram."""

from functions.llm_reply.messaging.bot_client import bot


async def fetch(file_id: str, max_bytes: int) -> bytes | None:
    """None for a larger file.

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    found = await bot().get_file(file_id)
    if (found.file_size or 0) > max_bytes:
        return None
    return bytes(await found.download_as_bytearray())
