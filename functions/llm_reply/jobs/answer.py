"""From a turn that is stored to an answer in the chat, one step of the turn at a time."""

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from typing import Any

from functions.llm_reply import settings
from functions.llm_reply.failures import AGAINST_RULES, EXPECTED, MAX_CRASHES, NOBODY, STOPPED, UNSTORABLE, Failure
from functions.llm_reply.jobs.asking import ask
from functions.llm_reply.jobs.at_limit import hold
from functions.llm_reply.jobs.drawing import draw
from functions.llm_reply.jobs.hearing import hear
from functions.llm_reply.jobs.index_correction import correct_index
from functions.llm_reply.jobs.several_parts import album_goes_on, is_wordless_album, wait_for_next_part_ms
from functions.llm_reply.jobs.summarize import queue_summary
from functions.llm_reply.llm.booked_model import BookedModel
from functions.llm_reply.llm.client import Generated
from functions.llm_reply.llm.embeddings import MESSAGE_TIMEOUT_S
from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.llm.image_generation import ImageGeneration
from functions.llm_reply.llm.transcription import Transcription
from functions.llm_reply.llm.usage import record_answer
from functions.llm_reply.messaging import bot_api, notices
from functions.llm_reply.messaging.delivery import (
    apologise,
    ask_for_words,
    deliver,
    do_without,
    end_crash_loop,
    give_up,
    offer_cast,
    until_stored,
    withhold_chat,
)
from functions.llm_reply.messaging.turning_away import turn_away
from functions.llm_reply.outcome_metrics import model_answered, model_failed
from functions.llm_reply.prompting.addressee import note_addressee
from functions.llm_reply.prompting.context import ChatSnapshot, PromptContext, build_context, read
from functions.llm_reply.queue_work.batch import PostponedError, SuspectError, Task
from functions.llm_reply.queue_work.lease import leased_turn
from functions.llm_reply.safety.asides import say_owed
from functions.llm_reply.safety.moderation import Moderation
from functions.llm_reply.safety.screening import Screening
from functions.llm_reply.safety.session import note_session
from troupe import tables, users
from troupe.admission import Admission
from troupe.age import Standing, standing
from troupe.clock import now_ms
from troupe.conversations import turn_lease, turns
from troupe.conversations.conversation import Conversation
from troupe.conversations.jobs import AnswerJob
from troupe.conversations.turn import (
    ANSWERED,
    DELIVERED,
    DRAWING,
    GIVEN_UP,
    RECEIVED,
    Turn,
    TurnLostError,
    TurnRewordedError,
)
from troupe.memories import facts
from troupe.memories.facts import shared_owner
from troupe.memories.memory_part import keep_longer
from troupe.observability import count, describe, logger
from troupe.pseudonym import pseudonym
from troupe.retention import is_behind, lasting
from troupe.spending.ledger import Spender
from troupe.spending.limits import LimitReachedError
from troupe.telegram.texts import texts
from troupe.users import User


@dataclass(frozen=True)
class Servers:
    model: BookedModel
    moderation: Moderation
    transcription: Transcription
    images: ImageGeneration


async def answer(job: AnswerJob, task: Task, servers: Servers) -> None:
    """:raises PostponedError: there is more to do, later
    :raises SuspectError: a worker died over this turn; it is to be worked with no neighbours
    """
    if task.left_s() < settings.model_timeout_s + settings.telegram_timeout_s:
        raise PostponedError(0)
    known = await read(job.person_id, job.chat_id, job.message_id, job.person)
    if known.user.erasure:
        # The erasure that waits behind this job takes the turn too, and no answer must be written any more.
        count("JobsCancelled")
        return
    found = known.neighbours.turn
    if found and (wait_ms := wait_for_next_part_ms(found, known.neighbours.later)):
        raise PostponedError(wait_ms / 1000)
    if task.may_be_suspect and found and turn_lease.is_suspect(found):
        raise SuspectError
    try:
        async with leased_turn(job.chat_id, job.message_id, task, found) as turn:
            describe(person=pseudonym(int(turn.person_id)))
            await _advance(turn, known, task, servers)
    except TurnLostError:
        count("JobsRepeated")


async def _advance(turn: Turn, known: ChatSnapshot, task: Task, servers: Servers) -> None:
    """From whatever state it is in to the end."""
    if turn.crashes > MAX_CRASHES:
        await end_crash_loop(turn)
    admission = settings.policy.admission(int(turn.person_id), known.user)
    if admission is not Admission.WELCOME:
        await turn_away(turn, admission, known.neighbours.earlier, task)
        return
    context = None
    may_chat = standing(settings.least_age, known.user) is Standing.FINE
    if may_chat and _is_to_be_heard(turn, known.user):
        await _hear(turn, known.user, task, servers)
    if turn.status == RECEIVED:
        note_session(turn, known.neighbours.recent, settings.ai_reminder_hours)
        try:
            async with Screening(turn, known.user, servers.moderation) as screening:
                if may_chat:
                    context = await _respond(turn, known, task, servers, screening)
                else:
                    await _say_first(turn, task, screening)
                    await withhold_chat(turn, known.user, task)
        except LimitReachedError as reached:
            await say_owed(turn, task)
            await hold(turn, task, reached, is_checked=not screening.is_unchecked)
    await say_owed(turn, task)
    if turn.status == ANSWERED:
        await deliver(turn, task)
    if turn.status == GIVEN_UP:
        await apologise(turn, task)
    if turn.status == DELIVERED and context:
        await _tidy(turn, context, known.user)


def _is_to_be_heard(turn: Turn, user: User) -> bool:
    """Notes the addressee too: a turn that is held at a limit needs its conversation. Without one, nobody answers."""
    is_new = turn.status == RECEIVED and turn.sound and not turn.heard_at and not turn.stopped_at
    return bool(is_new) and note_addressee(turn, user)


async def _hear(turn: Turn, user: User, task: Task, servers: Servers) -> None:
    """:raises PostponedError: another attempt may bring the words, or too little time is left for an answer to them"""
    try:
        failure = await hear(turn, user, servers.transcription)
        if failure and failure.name not in EXPECTED:
            model_failed(failure, final=not _again(turn, failure))
        if failure and turn.text and not _again(turn, failure):
            # The words written under it are answered.
            await until_stored(turns.note_heard, turn, turn.text)
            return
    except LimitReachedError as reached:
        await _hold_unheard(turn, user, task, servers.moderation, reached)
        return
    except TurnRewordedError as reworded:
        raise PostponedError(0) from reworded
    if failure:
        await _do_without(turn, failure)
    elif task.left_s() < settings.model_timeout_s + settings.telegram_timeout_s:
        raise PostponedError(0)


async def _hold_unheard(turn: Turn, user: User, task: Task, moderation: Moderation, reached: LimitReachedError) -> None:
    """Checks the words written under the sound: the next answer takes them in, whether or not anybody hears it.

    :raises PostponedError: the job is to come back
    """
    async with Screening(turn, user, moderation) as screening:
        with suppress(LimitReachedError):
            if await _is_refused(turn, screening):
                return
    await say_owed(turn, task)
    await hold(turn, task, reached, is_checked=not screening.is_unchecked)


async def _respond(
    turn: Turn, known: ChatSnapshot, task: Task, servers: Servers, screening: Screening
) -> PromptContext | None:
    if turn.kind != DRAWING:
        return await _generate(turn, known, task, servers.model, screening)
    await _draw(turn, known, task, servers.images, screening)
    return None


async def _draw(turn: Turn, known: ChatSnapshot, task: Task, images: ImageGeneration, screening: Screening) -> None:
    """:raises PostponedError: another attempt may bring the picture
    :raises LimitReachedError: the server may not be asked
    """
    try:
        failure = await draw(turn, known, task, images, screening)
    except ModelError as error:
        failure = error.failure
        if failure.name not in EXPECTED:
            model_failed(failure, final=not _again(turn, failure))
    if failure:
        await _do_without(turn, failure)


async def _generate(
    turn: Turn, known: ChatSnapshot, task: Task, model: BookedModel, screening: Screening
) -> PromptContext | None:
    """Saves the model's answer on the turn, and says what it was made from; or finds that there will be none.

    :raises PostponedError: another attempt may bring one
    :raises LimitReachedError: the model may not be asked
    """
    if turn.stopped_at:
        # The worker that was writing it died, or had not begun.
        await _do_without(turn, STOPPED)
    elif album_goes_on(turn, known.neighbours.later):
        note_addressee(turn, known.user)
        await _join(turn, task, screening)
    # The album's earlier parts, with their words, were screened when they were joined.
    elif await asyncio.to_thread(is_wordless_album, turn):
        await ask_for_words(turn, task)
    else:
        return await _generate_in_context(turn, known, task, model, screening)
    return None


async def _vector(turn: Turn, user: User, model: BookedModel) -> bytes:
    """Of the message; empty without a model for vectors, and if it takes too long."""
    if model.embeddings is None or not turn.text:
        return b""
    spender = Spender(int(turn.person_id), settings.limits.of(user))
    found = await model.embeddings.of([turn.text], spender, MESSAGE_TIMEOUT_S)
    return found[0] if found else b""


async def _generate_in_context(
    turn: Turn, known: ChatSnapshot, task: Task, model: BookedModel, screening: Screening
) -> PromptContext | None:
    """:raises PostponedError: another attempt may bring an answer"""
    vector = await _vector(turn, known.user, model)
    context = await asyncio.to_thread(
        build_context, turn, known, settings.history_tokens, settings.recall_tokens, vector
    )
    describe(character=str(turn.character_id))
    if context is NOBODY:
        await _say_first(turn, task, screening)
        await offer_cast(turn, task)
    elif isinstance(context, Failure):
        await _do_without(turn, context)
    elif context.overtaken:
        await _join(turn, task, screening)
    else:
        await _ask(turn, known.user, task, model, context, screening)
        return context
    return None


async def _ask(  # noqa: PLR0917 - all that an answer depends on
    turn: Turn, user: User, task: Task, model: BookedModel, context: PromptContext, screening: Screening
) -> None:
    """:raises PostponedError: another attempt may bring an answer
    :raises LimitReachedError: the model may not be asked
    """
    spender = Spender(int(turn.person_id), settings.limits.of(user), turn.asked_for)
    generate = partial(model.generate, spender=spender)
    try:
        asked = await ask(turn, user, task, generate, context, screening)
    except ModelError as error:
        asked = error.failure
        model_failed(asked, final=not _again(turn, asked))
    if isinstance(asked, Failure):
        await _do_without(turn, asked)
    elif asked.text:
        await _save(turn, asked, context.recalled.stored)
        await note_model(turn, context.talk, asked)
    elif asked.stopped == "written_on":
        await _join(turn, task, screening)
    else:
        await _do_without(turn, STOPPED)


async def note_model(turn: Turn, talk: Conversation, generated: Generated) -> None:
    """A conversation's model never changes without an entry in the log."""
    model = str(generated.usage["model"])
    if model == talk.model:
        return
    if talk.model:
        models = {"model": model, "former_model": str(talk.model)}
        logger.warning("The model of a conversation has changed", extra={"turn": turn.log_name, **models})
    with suppress(*tables.ERRORS):
        await asyncio.to_thread(talk.note_model, model)


async def _save(turn: Turn, generated: Generated, recalled: dict[str, list[Any]] | None) -> None:
    """:raises PostponedError: the person edited the message meanwhile"""
    try:
        await until_stored(turns.save_answer, turn, generated.text, generated.usage, recalled)
    except TurnRewordedError as reworded:
        raise PostponedError(0) from reworded
    except tables.ERRORS:
        logger.exception("An answer cannot be stored", extra={"turn": turn.log_name})
        await _do_without(turn, UNSTORABLE)
        return
    model_answered()
    record_answer(generated.usage)


async def _join(turn: Turn, task: Task, screening: Screening) -> None:
    """A message that moderation refuses is not joined: it would stay in later prompts.

    :raises LimitReachedError: the message can't be checked
    """
    if await _is_refused(turn, screening):
        return
    await say_owed(turn, task)
    await until_stored(turns.join, turn)
    count("TurnsJoined")


async def _is_refused(turn: Turn, screening: Screening) -> bool:
    """:raises LimitReachedError: the message can't be checked"""
    if not await screening.refuses():
        return False
    count("ModerationRefused")
    await give_up(turn, AGAINST_RULES)
    return True


async def _say_first(turn: Turn, task: Task, screening: Screening) -> None:
    """No model reads the message, so that it need not be checked at a limit.

    :raises PostponedError: Telegram could not take help lines that are due
    """
    with suppress(LimitReachedError):
        await screening.refuses()
    await say_owed(turn, task)


async def _do_without(turn: Turn, failure: Failure) -> None:
    """:raises PostponedError: another attempt may bring an answer"""
    if _again(turn, failure):
        raise PostponedError(failure.wait_s(int(turn.attempts) + 1), failure.name)
    await do_without(turn, failure)


def _again(turn: Turn, failure: Failure) -> bool:
    return failure.tries > turn.attempts + 1


async def _tidy(turn: Turn, context: PromptContext, user: User) -> None:
    """What can wait until the person has their answer, and does no harm if it never happens."""
    if context.previous_message_id:
        await bot_api.quieten(int(turn.chat_id), context.previous_message_id)
    await correct_index(turn, context.talk)
    if context.should_ask_time_zone:
        with suppress(*tables.ERRORS):
            if await asyncio.to_thread(users.note_asked_time_zone, int(turn.person_id)):
                await notices.mention(turn, texts(turn.language).time_zone_ask)
    with suppress(*tables.ERRORS):
        if context.should_fold:
            await asyncio.to_thread(queue_summary, turn, context)
        if context.woken:
            await asyncio.to_thread(context.talk.remember_woken, context.woken, int(turn.message_id))
    if is_behind(user.expires_at, now_ms()):
        with suppress(*tables.ERRORS):
            await asyncio.to_thread(_stay, user, context.talk)


def _stay(user: User, talk: Conversation) -> None:
    """These rows are in use: TTL must not delete them yet."""
    user.update(actions=[lasting(User.expires_at, now_ms())], condition=User.registered_at.exists())
    talk.update(actions=[lasting(Conversation.expires_at, now_ms())], condition=Conversation.person_id.exists())
    for owner in (talk.conversation_id, shared_owner(int(talk.person_id))):
        for part in (facts.PART, facts.PAST_PART):
            keep_longer(owner, part)
