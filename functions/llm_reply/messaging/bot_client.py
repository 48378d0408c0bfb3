"""The client of Telegram's Bot API."""

import logging
from functools import cache

from telegram import Bot
from telegram.request import HTTPXRequest

from functions.llm_reply import settings
from functions.llm_reply.trust import tls

# At ERROR the client logs the whole of a response that is no JSON, and Telegram's responses repeat the message.
logging.getLogger("telegram").setLevel(logging.CRITICAL)

_whole = settings.telegram_timeout_s
_request = HTTPXRequest(
    connection_pool_size=50,
    pool_timeout=0.05 * _whole,
    connect_timeout=0.25 * _whole,
    write_timeout=0.2 * _whole,
    read_timeout=0.5 * _whole,
    httpx_kwargs={"verify": tls},
)


@cache
def bot() -> Bot:
    """A client without initialize(), which would cost a getMe per cold start; sending needs none of it."""
    return Bot(
        settings.telegram_bot_token(),
        base_url=f"{settings.telegram_api_url}/bot",
        base_file_url=f"{settings.telegram_api_url}/file/bot",
        request=_request,
        # Without it the library makes a second client for updates, which this function never gets.
        get_updates_request=_request,
    )


async def reach() -> None:
    """Opens a connection, with a request that holds no token.

    :raises telegram.error.NetworkError: Telegram can't be reached
    """
    await _request.do_request(settings.telegram_api_url, "GET")


async def username() -> str:
    """The bot's own name, without "@".

    :raises telegram.error.TelegramError: see `failures.of_telegram`
    """
    return str((await bot().get_me()).username)
