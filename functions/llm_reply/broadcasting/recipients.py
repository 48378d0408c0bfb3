"""One person of a broadcast: whether they get it, and the send, at most once.

Telegram has no idempotency key. So a person is marked before the send: a worker that dies between the mark and the send
loses this one message, and none comes twice (docs/decisions/0018-a-broadcast-at-most-once.md).
"""

import asyncio

from telegram import InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import TelegramError

from functions.llm_reply import settings
from functions.llm_reply.failures import Failure, of_telegram
from functions.llm_reply.formatting.split import split
from functions.llm_reply.messaging import bot_api
from functions.llm_reply.outcome_metrics import telegram_failed
from troupe import user_admin, users
from troupe.broadcasts import Broadcast
from troupe.clock import now_ms
from troupe.telegram.callback_data import CallbackData
from troupe.telegram.texts import interface_language, texts
from troupe.users import User

# Outcomes for one person. NOT_MEANT is not counted: the broadcast is not for them.
SENT, MUTED, LEFT, UNSURE, FAILED, NOT_MEANT = "sent", "muted", "left", "unsure", "failed", "not meant"
# Telegram has not taken the message; a later try may succeed.
NOT_TAKEN = {"telegram_rate_limit", "telegram_connection", "telegram_token"}


class RefusedError(Exception):
    """Telegram takes no message just now. The person is not marked any more."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.name)
        self.failure = failure


def without_sending(user: User, broadcast: Broadcast) -> str:
    """The outcome for a person who gets no message now; empty for a person who gets one."""
    meant = user.registered_at and settings.policy.admits(int(user.user_id), user)
    if not meant or broadcast.language not in {None, _language(user)}:
        return NOT_MEANT
    if user.blocked_at:
        return LEFT
    if user.last_broadcast == broadcast.id:
        # A worker that did not finish the page has sent it.
        return SENT
    return MUTED if user.muted_at else ""


async def deliver(user: User, broadcast: Broadcast) -> str:
    """:raises RefusedError: see there"""
    user_id, began = int(user.user_id), now_ms()
    if not await asyncio.to_thread(user_admin.mark_broadcast, user_id, broadcast.id):
        return SENT
    (part,) = split(broadcast.text)
    try:
        await bot_api.send(user_id, part, keyboard=mute_keyboard(_language(user)))
    except TelegramError as error:
        failure = of_telegram(error)
        telegram_failed(failure)
        if failure.name in NOT_TAKEN:
            await asyncio.to_thread(user_admin.unmark_broadcast, user_id, broadcast.id)
            raise RefusedError(failure) from error
        if failure.unreachable:
            await asyncio.to_thread(users.mark_blocked, user_id, began)
            return LEFT
        return UNSURE if failure.retry else FAILED
    return SENT


def mute_keyboard(language: str | None) -> InlineKeyboardMarkup:
    button = InlineKeyboardButton(texts(language).no_news, callback_data=str(CallbackData("news", ("off",))))
    return InlineKeyboardMarkup([[button]])


def _language(user: User) -> str:
    return interface_language(user.language_choice or user.language)
