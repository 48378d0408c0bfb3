"""A turn at a limit on messages or money: the person is told once, and the message is kept."""

import asyncio

from functions.llm_reply.messaging import notices
from functions.llm_reply.messaging.telling import told
from functions.llm_reply.outcome_metrics import budget_reached
from functions.llm_reply.prompting.cards import card_of
from functions.llm_reply.queue_work.batch import PostponedError, Task
from functions.llm_reply.queue_work.storing import until_stored
from troupe.conversations import turns
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DRAWING
from troupe.observability import logger
from troupe.spending import ledger
from troupe.spending.limits import Limit, LimitReachedError
from troupe.telegram.texts import interface_language


async def hold(turn: Turn, task: Task, reached: LimitReachedError, *, is_checked: bool) -> None:
    """At the limit per minute the job comes back by itself. At another one the turn ends: the next answer takes it in.

    :param is_checked: whether moderation has seen it. Otherwise only Retry takes it in, which has it checked.

    :raises PostponedError: the job is to come back
    """
    if reached.limit.is_of_bot:
        budget_reached()
    # A person who pressed a button or sent a command is told each time.
    if not reached.was_told or turn.alternatives or turn.retries or turn.kind == DRAWING:
        await _tell(turn, task, reached)
    if reached.limit is Limit.MINUTE:
        raise PostponedError(reached.wait_ms / 1000)
    if turn.alternatives:
        await until_stored(turns.keep_shown, turn)
        return
    await until_stored(turns.hold, turn, reached.limit.value, is_checked)


async def _tell(turn: Turn, task: Task, reached: LimitReachedError) -> None:
    """If the worker dies between the notice and its record, the notice comes twice."""
    limit = reached.limit
    words = await asyncio.to_thread(_words_of, turn) if limit in (Limit.MESSAGES, Limit.PERSON) else ""
    await told(turn, task, lambda turn: notices.tell_limit(turn, limit, reached.wait_ms, words), limit.value)
    await asyncio.to_thread(ledger.note_told, int(turn.person_id), limit)
    logger.warning("A person was told of a limit", extra={"limit_reached": limit.value, "turn": turn.log_name})


def _words_of(turn: Turn) -> str:
    """Returns the card's words for a person at a limit; empty if it has none."""
    card = card_of(str(turn.character_id))
    return card.locale(interface_language(turn.language)).out_of_words if card else ""
