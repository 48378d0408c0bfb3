"""Counts the updates that Telegram can't deliver. They invoke no function, so this one asks Telegram."""

from datetime import UTC, datetime

from telegram import WebhookInfo
from telegram.error import TelegramError

from functions.llm_reply.messaging.bot_client import bot
from troupe.observability import count, logger

# Telegram repeats a failing delivery every few minutes, so an older error is over.
MAX_ERROR_AGE_S = 900
# setWebhook allows 100 connections: that many updates may be on their way at any moment.
MAX_IN_FLIGHT = 100


async def count_overdue_updates() -> None:
    """Counts 0 where all is well, so that an alarm can tell one failure from half an hour of them."""
    try:
        webhook = await bot().get_webhook_info()
    except TelegramError as error:
        logger.warning("Telegram does not say how many updates are overdue", extra={"reason": type(error).__name__})
        return
    count("UpdatesOverdue", overdue(webhook, datetime.now(UTC)))


def overdue(webhook: WebhookInfo, now: datetime) -> int:
    """At least 1 if no webhook is set, because no update can arrive then."""
    pending = webhook.pending_update_count
    if not webhook.url:
        return max(pending, 1)
    failing = webhook.last_error_date and (now - webhook.last_error_date).total_seconds() < MAX_ERROR_AGE_S
    return pending if failing or pending > MAX_IN_FLIGHT else 0
