"""The visible end of a turn: the answer, or an apology."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any

from telegram import InlineKeyboardMarkup
from telegram.error import TelegramError

from functions.llm_reply import settings
from functions.llm_reply.failures import (
    CRASHED,
    DELIVERY_MS,
    EXPECTED,
    NOBODY,
    STOPPED,
    UNREADABLE,
    WORDLESS,
    Failure,
    of_telegram,
)  # fmt: skip
from functions.llm_reply.formatting.split import OutgoingMessage, split
from functions.llm_reply.messaging import bot_api, notices
from functions.llm_reply.messaging.first_contact import may_chat
from functions.llm_reply.messaging.keyboards import answer_keyboard
from functions.llm_reply.outcome_metrics import telegram_failed, turn_delivered, turn_failed
from functions.llm_reply.queue_work.batch import PostponedError, Task
from troupe import tables, users
from troupe.clock import now_ms
from troupe.conversations import turns
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import GIVEN_UP, RECEIVED
from troupe.observability import count, logger, record_ms
from troupe.spending.days import count_failure
from troupe.telegram.texts import texts
from troupe.users import User

PAUSE_S = 1


async def deliver(turn: Turn, task: Task) -> None:
    """Sends the parts that were not sent yet. A death between a send and its record makes that part show twice.

    :raises PostponedError: Telegram could not take it, or the invocation is nearly over
    """
    pieces = await asyncio.to_thread(split, turn.answer)
    if not pieces:
        await give_up(turn, UNREADABLE)
        return
    sent: list[int] = list(turn.reply_ids)
    outdated = turn.spoken_ids
    replaced = [message_id for message_id in turn.replaced_ids if message_id not in outdated]
    began = now_ms()
    try:
        for number, part in enumerate(pieces[len(sent) :], start=len(sent)):
            _check_time(task)
            began = now_ms()
            keyboard = answer_keyboard(turn) if number == len(pieces) - 1 else None
            sent.append(await _show(turn, replaced[number] if number < len(replaced) else None, part, keyboard))
            if len(sent) < len(pieces):
                await until_stored(turns.record_parts, turn, sent)
    except TelegramError as error:
        failure = await refused(turn, error, began)
        if failure.retry and _waited_ms(turn) < DELIVERY_MS:
            raise PostponedError(failure.wait_s(int(turn.attempts) + 1), failure.name) from error
        await give_up(turn, failure)
        return
    surplus = [*replaced[len(pieces) :], *outdated]
    await until_stored(turns.mark_delivered, turn, sent)
    await bot_api.remove(int(turn.chat_id), surplus)
    turn_delivered()
    record_ms("ReceiptToDelivery", _waited_ms(turn))


async def _show(turn: Turn, replaced: int | None, part: OutgoingMessage, keyboard: InlineKeyboardMarkup | None) -> int:
    """Edits the part of an earlier answer if there is one; sends a new message otherwise."""
    if replaced:
        return await bot_api.change(int(turn.chat_id), replaced, part, thread_id=turn.topic_id, keyboard=keyboard)
    return await bot_api.send(int(turn.chat_id), part, thread_id=turn.topic_id, keyboard=keyboard)


async def give_up(turn: Turn, failure: Failure) -> None:
    """Stores that no answer will come, before the person is told: so the decision is made once."""
    logger.warning("No answer", extra={"failure": failure.name, "attempt": turn.attempts, "turn": turn.log_name})
    await until_stored(turns.give_up, turn, failure.name)
    if failure.name not in EXPECTED:
        turn_failed()
        with suppress(*tables.ERRORS):
            await asyncio.to_thread(count_failure, now_ms())


async def do_without(turn: Turn, failure: Failure) -> None:
    """Ends the turn without a new answer. If the person asked for another one, the one that they see stays."""
    if turn.status != RECEIVED or not turn.alternatives:
        await give_up(turn, failure)
        return
    await until_stored(turns.keep_shown, turn)
    if failure != STOPPED:
        await notices.mention(turn, texts(turn.language).no_other)


async def end_crash_loop(turn: Turn) -> None:
    """Ends a turn over which workers keep dying: with an apology, or without one if they die over that."""
    if turn.status == GIVEN_UP:
        logger.error("A turn ends in silence", extra={"turn": turn.log_name})
        await until_stored(turns.close, turn)
    else:
        await do_without(turn, CRASHED)


async def apologise(turn: Turn, task: Task) -> None:
    """Tells the person of a turn that was given up, and closes it.

    :raises PostponedError: Telegram could not take it, or the invocation is nearly over
    """
    if not Failure(str(turn.failure)).unreachable and await told(turn, task, notices.apologise, str(turn.failure)):
        count("TurnsApologised")
    await until_stored(turns.close, turn)


async def offer_cast(turn: Turn, task: Task) -> None:
    """Sends the picker to a person who writes before they have chosen a character.

    :raises PostponedError: Telegram could not take it, or the invocation is nearly over
    """
    await told(turn, task, notices.offer_cast, NOBODY.name)
    await until_stored(turns.leave_unaddressed, turn)


async def ask_for_words(turn: Turn, task: Task) -> None:
    """Asks a person who sent pictures without words for some.

    :raises PostponedError: Telegram could not take it, or the invocation is nearly over
    """
    await told(turn, task, notices.ask_for_words, WORDLESS.name)
    await until_stored(turns.leave_unaddressed, turn)


async def withhold_chat(turn: Turn, user: User, task: Task) -> None:
    """Asks a person for the age that the operator wants stated, and closes the turn.

    :raises PostponedError: Telegram could not take it, or the invocation is nearly over
    """

    async def ask(turn: Turn) -> None:
        await may_chat(user, int(turn.chat_id), turn.topic_id, turn.language)

    await told(turn, task, ask, "age")
    # A turn that was answered before the operator asked for an age keeps its answer.
    await until_stored(turns.keep_shown if turn.alternatives else turns.leave_unaddressed, turn)


async def told(turn: Turn, task: Task, tell: Callable[[Turn], Awaitable[None]], why: str) -> bool:
    """True if the message arrived. The answer may have been tried for a day before; the message gets another day.

    :raises PostponedError: Telegram could not take it, or the invocation is nearly over
    """
    _check_time(task)
    began = now_ms()
    try:
        await tell(turn)
    except TelegramError as error:
        failure = await refused(turn, error, began)
        if failure.retry and _waited_ms(turn) < 2 * DELIVERY_MS:
            raise PostponedError(failure.wait_s(int(turn.attempts) + 1), why) from error
        return False
    return True


async def until_stored(move: Callable[..., object], *arguments: Any) -> None:
    """Stores a result that is paid for or sent already, so that no worker repeats the work after an outage.

    Tries until the invocation ends. Only this chat waits.

    :raises tables.ERRORS: no try can succeed, for example because the item is too large
    """
    while True:
        try:
            await asyncio.to_thread(move, *arguments)
        except tables.ERRORS as error:
            if tables.never_succeeds(error):
                raise
            logger.warning("A change of a turn could not be stored; trying again")
            await asyncio.sleep(PAUSE_S)
        else:
            return


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


def _check_time(task: Task) -> None:
    """A send that has begun is not cut short by the invocation's end: nobody would know whether it went out."""
    if task.left_s() < settings.telegram_timeout_s:
        raise PostponedError(0)


def _waited_ms(turn: Turn) -> int:
    return now_ms() - int(turn.retried_at or turn.received_at)
