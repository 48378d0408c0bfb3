"""Shows "sending a photo" and the like while the bot works: Telegram shows a chat action for five seconds."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from telegram.error import TelegramError

from functions.llm_reply.messaging.bot_client import bot
from troupe.conversations.turn import Turn

RENEWAL_S = 4.5


@asynccontextmanager
async def shown(turn: Turn, action: str) -> AsyncIterator[None]:
    """:param action: one of sendChatAction's, which is repeated until the block ends. A failure is ignored."""
    showing = asyncio.create_task(_show(turn, action))
    try:
        yield
    finally:
        showing.cancel()


async def _show(turn: Turn, action: str) -> None:
    while True:
        with suppress(TelegramError):
            await bot().send_chat_action(int(turn.chat_id), action, message_thread_id=turn.topic_id)
        await asyncio.sleep(RENEWAL_S)
