"""Tells a person something about their turn, and what Telegram's refusals lead to."""

import asyncio
from collections.abc import Awaitable, Callable

from telegram.error import TelegramError

from functions.llm_reply import settings
from functions.llm_reply.failures import DELIVERY_MS, Failure, of_telegram
from functions.llm_reply.outcome_metrics import telegram_failed
from functions.llm_reply.queue_work.batch import PostponedError, Task
from troupe import users
from troupe.clock import now_ms
from troupe.conversations.turn import Turn
from troupe.observability import logger


async def told(turn: Turn, task: Task, tell: Callable[[Turn], Awaitable[None]], why: str) -> bool:
    """True if the message arrived. The answer may have been tried for a day before; the message gets another day.

    :raises PostponedError: Telegram could not take it, or the invocation is nearly over
    """
    check_time(task)
    began = now_ms()
    try:
        await tell(turn)
    except TelegramError as error:
        failure = await refused(turn, error, began)
        if failure.retry and waited_ms(turn) < 2 * DELIVERY_MS:
            raise PostponedError(failure.wait_s(int(turn.attempts) + 1), why) from error
        return False
    return True


async def refused(turn: Turn, error: TelegramError, began: int) -> Failure:
    """Counts it, and notes that a person can't be reached.

    :param began: when the message was sent, in milliseconds since 1970
    """
    failure = of_telegram(error)
    telegram_failed(failure)
    logger.warning("Telegram refused", extra={"failure": failure.name, "turn": turn.log_name})
    if failure.unreachable:
        await asyncio.to_thread(users.mark_blocked, int(turn.person_id), began)
    return failure


def check_time(task: Task) -> None:
    """A send that has begun is not cut short by the invocation's end: nobody would know whether it went out."""
    if task.left_s() < settings.telegram_timeout_s:
        raise PostponedError(0)


def waited_ms(turn: Turn) -> int:
    return now_ms() - int(turn.retried_at or turn.received_at)
