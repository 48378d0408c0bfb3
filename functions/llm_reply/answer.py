"""From a turn that is stored to an answer in the chat, one step of the turn at a time."""

import asyncio
from contextlib import suppress

import httpx2
import openai

from functions.llm_reply import chat, settings
from functions.llm_reply.accounts import account
from functions.llm_reply.batch import PostponedError, SuspectError, Task
from functions.llm_reply.counting import model_answered, model_failed
from functions.llm_reply.delivery import apologise, deliver, end_crash_loop, give_up, offer_cast, surely, thread
from functions.llm_reply.drafts import Drafts
from functions.llm_reply.failures import (
    MOST_CRASHES,
    NOBODY,
    BrokenStreamError,
    EmptyAnswerError,
    Failure,
    RefusedAnswerError,
    of_model,
)
from functions.llm_reply.holding import held
from functions.llm_reply.memory import ask_to_remember
from functions.llm_reply.model import Generated, Model
from functions.llm_reply.recall import Known, Recalled, read, recall
from troupe import tables
from troupe.conversations import turns
from troupe.conversations.jobs import AnswerJob
from troupe.conversations.turns import Turn, TurnLostError, TurnRewordedError
from troupe.observability import count, describe, took
from troupe.pseudonym import pseudonym
from troupe.telegram.texts import texts

MODEL_ERRORS = (
    openai.OpenAIError, httpx2.HTTPError, BrokenStreamError, EmptyAnswerError, RefusedAnswerError, TimeoutError,
)  # fmt: skip

# What of the earlier turns is left for a model that finds the prompt too long.
SHORTER = 4


async def answer(job: AnswerJob, task: Task, model: Model) -> None:
    """:raises PostponedError: there is more to do, later
    :raises SuspectError: a worker died over this turn; it is to be worked with no neighbours
    """
    if task.left_s() < settings.model_timeout_s + settings.telegram_timeout_s:
        raise PostponedError(0)
    known = await read(job.chat_id, job.message_id, job.person)
    found = known.around.turn
    if task.may_be_suspect and found and turns.is_suspect(found):
        raise SuspectError
    try:
        async with held(job.chat_id, job.message_id, task, found) as turn:
            describe(person=pseudonym(int(turn.chat_id)))
            await _advance(turn, known, task, model)
    except TurnLostError:
        count("JobsRepeated")


async def _advance(turn: Turn, known: Known, task: Task, model: Model) -> None:
    """From whatever state it is in to the end."""
    if turn.crashes > MOST_CRASHES:
        await end_crash_loop(turn)
    recalled = await _generate(turn, known, task, model) if turn.status == turns.RECEIVED else None
    if turn.status == turns.ANSWERED:
        await deliver(turn, task)
    if turn.status == turns.GIVEN_UP:
        await apologise(turn, task)
    if turn.status == turns.DELIVERED and recalled:
        await _tidy(turn, recalled)


async def _generate(turn: Turn, known: Known, task: Task, model: Model) -> Recalled | None:
    """Saves the model's answer on the turn, and says what it was made from; or finds that there will be none.

    :raises PostponedError: another attempt may bring one
    """
    recalled = await asyncio.to_thread(recall, turn, known, settings.history_tokens)
    describe(character=str(turn.character_id))
    if isinstance(recalled, Recalled) and recalled.overtaken:
        await surely(turns.join, turn)
        count("TurnsJoined")
        return None
    if recalled is NOBODY:
        await offer_cast(turn, task)
        return None
    try:
        asked = recalled if isinstance(recalled, Failure) else await _ask(turn, task, model, recalled)
    except MODEL_ERRORS as error:
        asked = of_model(error)
        model_failed(asked)
    if isinstance(asked, Failure):
        await _do_without(turn, asked)
        return None
    try:
        await surely(turns.save_answer, turn, asked.text, asked.usage)
    except TurnRewordedError as reworded:
        raise PostponedError(0) from reworded
    model_answered()
    account(asked.usage)
    return recalled if isinstance(recalled, Recalled) else None


async def _do_without(turn: Turn, failure: Failure) -> None:
    """:raises PostponedError: another attempt may bring an answer"""
    if failure.tries > turn.attempts + 1:
        raise PostponedError(failure.wait_s(int(turn.attempts) + 1), failure.name)
    if turn.takes:
        await surely(turns.keep_take, turn)
        await chat.mention(turn, texts(turn.language).no_other)
        return
    await give_up(turn, failure)


async def _ask(turn: Turn, task: Task, model: Model, recalled: Recalled) -> Generated | Failure:
    """One answer, streamed into the chat as drafts. Asks a second time, with less to read, if the prompt is too long.

    :raises MODEL_ERRORS: `failures.of_model` knows what they mean
    """
    timeout_s = min(settings.model_timeout_s, task.left_s() - settings.telegram_timeout_s)
    async with (
        asyncio.timeout(timeout_s),
        Drafts(int(turn.chat_id), int(turn.message_id), thread(turn)) as drafts,
    ):
        try:
            generated = await model.generate(recalled.prompt, drafts.grow, timeout_s)
        except openai.BadRequestError as error:
            if error.code != "context_length_exceeded":
                raise
            known = await read(int(turn.chat_id), int(turn.message_id))
            shorter = await asyncio.to_thread(recall, turn, known, settings.history_tokens // SHORTER)
            if isinstance(shorter, Failure):
                return shorter
            generated = await model.generate(shorter.prompt, drafts.grow, timeout_s)
    if drafts.first_words_at:
        took("ReceiptToFirstWords", drafts.first_words_at - int(turn.received_at))
    return generated


async def _tidy(turn: Turn, recalled: Recalled) -> None:
    """What can wait until the person has their answer, and does no harm if it never happens."""
    if recalled.previous_message_id:
        await chat.quieten(int(turn.chat_id), recalled.previous_message_id)
    if recalled.should_fold:
        with suppress(*tables.ERRORS):
            await asyncio.to_thread(ask_to_remember, turn, recalled)
