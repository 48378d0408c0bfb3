"""The model's answer to a turn: from the turn's words to the answer saved on it."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from itertools import chain, repeat
from typing import Any

from functions.llm_reply import settings
from functions.llm_reply.failures import NOBODY, STOPPED, UNSTORABLE, Failure
from functions.llm_reply.jobs.answering.asking import ask
from functions.llm_reply.jobs.answering.retrying import is_tried_again, postpone_or_do_without
from functions.llm_reply.jobs.answering.several_parts import album_goes_on, is_wordless_album
from functions.llm_reply.jobs.answering.unanswered import join, say_due
from functions.llm_reply.llm.booked_model import BookedModel
from functions.llm_reply.llm.embeddings import MESSAGE_TIMEOUT_S
from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.llm.generation import Generated, Request
from functions.llm_reply.llm.stream_events import Unseen
from functions.llm_reply.llm.usage import record_answer
from functions.llm_reply.messaging.endings import ask_for_words, offer_cast
from functions.llm_reply.outcome_metrics import model_answered, model_failed
from functions.llm_reply.prompting.addressee import note_addressee
from functions.llm_reply.prompting.attached import without_pictures
from functions.llm_reply.prompting.context import ChatSnapshot, PromptContext, build_context, is_overtaken
from functions.llm_reply.queue_work.batch import PostponedError, Task
from functions.llm_reply.queue_work.storing import until_stored
from functions.llm_reply.safety.screening import Screening
from troupe import tables
from troupe.conversations import turns
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import TurnRewordedError
from troupe.observability import describe, logger
from troupe.spending.ledger import Spender
from troupe.users import User


async def generate(
    turn: Turn, known: ChatSnapshot, task: Task, model: BookedModel, screening: Screening
) -> PromptContext | None:
    """Saves the model's answer on the turn and returns the prompt's context; None if the model was not asked.

    :raises PostponedError: another attempt may bring one
    :raises LimitReachedError: the model may not be asked
    """
    if turn.stopped_at:
        # The worker died before or while it wrote the answer.
        await postpone_or_do_without(turn, STOPPED)
    elif album_goes_on(turn, known.neighbours.later):
        note_addressee(turn, known.user)
        await join(turn, task, screening)
    # The album's earlier parts, with their words, were screened when they were joined.
    elif await asyncio.to_thread(is_wordless_album, turn):
        await ask_for_words(turn, task)
    else:
        return await _generate_in_context(turn, known, task, model, screening)
    return None


async def _vector(turn: Turn, user: User, model: BookedModel) -> bytes:
    """Returns the vector of the message; empty without a model for vectors, or if that takes too long."""
    if model.embeddings is None or not turn.text:
        return b""
    spender = Spender(int(turn.person_id), settings.limits.of(user))
    found = await model.embeddings.of([turn.text], spender, MESSAGE_TIMEOUT_S)
    return found[0] if found else b""


async def _generate_in_context(
    turn: Turn, known: ChatSnapshot, task: Task, model: BookedModel, screening: Screening
) -> PromptContext | None:
    """:raises PostponedError: another attempt may bring an answer"""
    if note_addressee(turn, known.user) and is_overtaken(turn, known.user, known.neighbours.later):
        # Checked before the prompt's reads: a person may send thousands of messages at once.
        await join(turn, task, screening)
        return None
    vector = await _vector(turn, known.user, model)
    context = await asyncio.to_thread(
        build_context, turn, known, settings.history_tokens, settings.recall_tokens, vector
    )
    describe(character=str(turn.character_id))
    if context is NOBODY:
        await say_due(turn, task, screening)
        await offer_cast(turn, task)
    elif isinstance(context, Failure):
        await postpone_or_do_without(turn, context)
    else:
        unseen = await _ask(turn, known, task, model, context, screening)
        if unseen:
            context = replace(context, prompt=without_pictures(context.prompt))
        return replace(context, unseen=unseen or known.unseen)
    return None


async def _ask(  # noqa: PLR0917 - all that an answer depends on
    turn: Turn, known: ChatSnapshot, task: Task, model: BookedModel, context: PromptContext, screening: Screening
) -> Unseen | None:
    """Why the model was not shown the pictures, if it was not.

    :raises PostponedError: another attempt may bring an answer
    :raises LimitReachedError: the model may not be asked
    """
    spender = Spender(int(turn.person_id), settings.limits.of(known.user), turn.asked_for)
    # The row that was read is good for the first booking, which changes it.
    spenders = chain([replace(spender, row=known.day)], repeat(spender))

    async def generate(request: Request) -> Generated:
        return await model.generate(request, next(spenders))

    try:
        asked = await ask(turn, known.user, task, generate, context, screening)
    except ModelError as error:
        asked = error.failure
        model_failed(asked, final=not is_tried_again(turn, asked))
    if isinstance(asked, Failure):
        await postpone_or_do_without(turn, asked)
        return None
    if asked.text:
        await _save(turn, asked, context.recalled.stored)
        await note_answer(turn, context, asked)
    elif asked.stopped == "written_on":
        await join(turn, task, screening)
    else:
        await postpone_or_do_without(turn, STOPPED)
    return asked.unseen


async def note_answer(turn: Turn, context: PromptContext, generated: Generated) -> None:
    """Logs each change of a conversation's model."""
    conversation, model = context.conversation, str(generated.usage["model"])
    if model == conversation.model and not context.is_first:
        return
    if conversation.model and model != conversation.model:
        models = {"model": model, "former_model": str(conversation.model)}
        logger.warning("The model of a conversation has changed", extra={"turn": turn.log_name, **models})
    with suppress(*tables.ERRORS):
        await asyncio.to_thread(conversation.note_answer, model, int(turn.message_id) if context.is_first else None)


async def _save(turn: Turn, generated: Generated, recalled: dict[str, list[Any]] | None) -> None:
    """:raises PostponedError: the person edited the message meanwhile"""
    try:
        await until_stored(turns.save_answer, turn, generated.text, generated.usage, recalled)
    except TurnRewordedError as reworded:
        raise PostponedError(0) from reworded
    except tables.ERRORS:
        logger.exception("An answer cannot be stored", extra={"turn": turn.log_name})
        await postpone_or_do_without(turn, UNSTORABLE)
        return
    model_answered()
    record_answer(generated.usage)
