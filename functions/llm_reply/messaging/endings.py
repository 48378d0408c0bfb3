"""The ends of a turn without an answer."""

import asyncio
from contextlib import suppress

from functions.llm_reply.failures import CRASHED, EXPECTED, NOBODY, STOPPED, WORDLESS, Failure
from functions.llm_reply.messaging import notices
from functions.llm_reply.messaging.first_contact import may_chat
from functions.llm_reply.messaging.telling import told
from functions.llm_reply.outcome_metrics import turn_failed
from functions.llm_reply.queue_work.batch import Task
from functions.llm_reply.queue_work.storing import until_stored
from troupe import tables
from troupe.clock import now_ms
from troupe.conversations import turns
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import GIVEN_UP, RECEIVED
from troupe.observability import count, logger
from troupe.spending.days import count_failure
from troupe.telegram.texts import texts
from troupe.users import User


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
