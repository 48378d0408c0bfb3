"""Sends the answer, part by part."""

import asyncio

from telegram import InlineKeyboardMarkup
from telegram.error import TelegramError

from functions.llm_reply.failures import (
    DELIVERY_MS,
    UNREADABLE,
)  # fmt: skip
from functions.llm_reply.formatting.split import OutgoingMessage, split
from functions.llm_reply.messaging import bot_api
from functions.llm_reply.messaging.endings import give_up
from functions.llm_reply.messaging.keyboards import answer_keyboard
from functions.llm_reply.messaging.telling import check_time, refused, waited_ms
from functions.llm_reply.outcome_metrics import turn_delivered
from functions.llm_reply.queue_work.batch import PostponedError, Task
from functions.llm_reply.queue_work.storing import until_stored
from troupe.clock import now_ms
from troupe.conversations import turns
from troupe.conversations.turn import Turn
from troupe.observability import record_ms


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
            check_time(task)
            began = now_ms()
            keyboard = answer_keyboard(turn) if number == len(pieces) - 1 else None
            sent.append(await _show(turn, replaced[number] if number < len(replaced) else None, part, keyboard))
            if len(sent) < len(pieces):
                await until_stored(turns.record_parts, turn, sent)
    except TelegramError as error:
        failure = await refused(turn, error, began)
        if failure.retry and waited_ms(turn) < DELIVERY_MS:
            raise PostponedError(failure.wait_s(int(turn.attempts) + 1), failure.name) from error
        await give_up(turn, failure)
        return
    surplus = [*replaced[len(pieces) :], *outdated]
    await until_stored(turns.mark_delivered, turn, sent)
    await bot_api.remove(int(turn.chat_id), surplus)
    turn_delivered()
    record_ms("ReceiptToDelivery", waited_ms(turn))


async def _show(turn: Turn, replaced: int | None, part: OutgoingMessage, keyboard: InlineKeyboardMarkup | None) -> int:
    """Edits the part of an earlier answer if there is one; sends a new message otherwise."""
    if replaced:
        return await bot_api.change(int(turn.chat_id), replaced, part, thread_id=turn.topic_id, keyboard=keyboard)
    return await bot_api.send(int(turn.chat_id), part, thread_id=turn.topic_id, keyboard=keyboard)
