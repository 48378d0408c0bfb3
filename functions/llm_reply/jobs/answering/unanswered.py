"""Ends turns that get no answer of their own. Moderation reads their words too."""

from contextlib import suppress

from functions.llm_reply.failures import AGAINST_RULES
from functions.llm_reply.messaging.endings import give_up
from functions.llm_reply.queue_work.batch import Task
from functions.llm_reply.queue_work.storing import until_stored
from functions.llm_reply.safety.asides import say_owed
from functions.llm_reply.safety.screening import Screening
from troupe.conversations import turns
from troupe.conversations.turn import Turn
from troupe.observability import count
from troupe.spending.limits import LimitReachedError


async def join(turn: Turn, task: Task, screening: Screening) -> None:
    """A message that moderation refuses is not joined: it would stay in later prompts.

    :raises LimitReachedError: the message can't be checked
    """
    if await is_refused(turn, screening):
        return
    await say_owed(turn, task)
    await until_stored(turns.join, turn)
    count("TurnsJoined")


async def is_refused(turn: Turn, screening: Screening) -> bool:
    """:raises LimitReachedError: the message can't be checked"""
    if not await screening.refuses():
        return False
    count("ModerationRefused")
    await give_up(turn, AGAINST_RULES)
    return True


async def say_due(turn: Turn, task: Task, screening: Screening) -> None:
    """Sends help lines that are due. No model reads the message, so at a limit it goes unchecked.

    :raises PostponedError: Telegram could not take help lines that are due
    """
    with suppress(LimitReachedError):
        await screening.refuses()
    await say_owed(turn, task)
