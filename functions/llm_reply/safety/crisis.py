"""Help lines for a person whose words show signs of self-harm: once, before anything else is said to them."""

import asyncio
from functools import partial

from telegram.error import TelegramError

from functions.llm_reply.messaging import notices
from functions.llm_reply.messaging.telling import told
from functions.llm_reply.prompting.history import PAGE
from functions.llm_reply.queue_work.batch import Task
from functions.llm_reply.queue_work.storing import until_stored
from functions.llm_reply.safety.help_lines import help_message
from functions.llm_reply.safety.policy import QUIET_MS, Signs
from troupe.conversations import turn_reads, turn_records
from troupe.conversations.turn import Turn
from troupe.observability import count, logger
from troupe.users import User


async def offer_help(turn: Turn, user: User, signs: Signs) -> None:
    """Sends help lines at once. If Telegram can't take them now, `send_owed_help` sends them later."""
    if await asyncio.to_thread(_had_help, turn, signs):
        return
    try:
        await _send(turn, user=user)
    except TelegramError as error:
        logger.warning("Help lines could not be sent at once", extra={"error": type(error).__name__})
        turn.want_help(int(signs))
    else:
        await _record(turn, signs)


async def send_owed_help(turn: Turn, task: Task) -> None:
    """Call it before anything else is said about the turn.

    :raises PostponedError: Telegram could not take it, or the invocation is nearly over
    """
    if not turn.owes_help:
        return
    user = await asyncio.to_thread(User.find, int(turn.person_id))
    if await told(turn, task, partial(_send, user=user), "help_owed"):
        await _record(turn, Signs(int(turn.help_wanted)))


async def _send(turn: Turn, user: User | None) -> None:
    """:raises telegram.error.TelegramError: see `failures.of_telegram`"""
    telegrams = (user.language if user else None) or turn.language
    await notices.say_aside(turn, help_message(telegrams, (user and user.language_choice) or turn.language))


async def _record(turn: Turn, signs: Signs) -> None:
    await until_stored(turn_records.record_help, turn, int(signs))
    count("CrisisHelpSent")


def _had_help(turn: Turn, signs: Signs) -> bool:
    """Reads back for as long as help lines count: rarely more than a page of turns."""
    if turn.help_level >= signs:
        return True
    since = int(turn.received_at) - QUIET_MS
    for earlier in turn_reads.newest_first(int(turn.chat_id), PAGE, before=int(turn.message_id)):
        if earlier.received_at < since:
            return False
        if earlier.help_sent_at and earlier.help_sent_at >= since and earlier.help_level >= signs:
            return True
    return False
