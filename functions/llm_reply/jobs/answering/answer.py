"""From a turn that is stored to an answer in the chat, one step of the turn at a time."""

from dataclasses import dataclass, replace

from functions.llm_reply import settings
from functions.llm_reply.failures import EXPECTED, MAX_CRASHES
from functions.llm_reply.jobs.answering.at_limit import hold
from functions.llm_reply.jobs.answering.drawing import draw
from functions.llm_reply.jobs.answering.generating import generate
from functions.llm_reply.jobs.answering.giving_way import give_way_as_newcomer, give_way_as_unanswered
from functions.llm_reply.jobs.answering.hearing import hear, is_to_be_heard
from functions.llm_reply.jobs.answering.looking import look
from functions.llm_reply.jobs.answering.retrying import is_tried_again, postpone_or_do_without
from functions.llm_reply.jobs.answering.several_parts import wait_for_next_part_ms
from functions.llm_reply.jobs.answering.tidying import tidy
from functions.llm_reply.jobs.answering.unanswered import say_due
from functions.llm_reply.jobs.speaking.delivering import deliver_as_wanted
from functions.llm_reply.llm.booked_model import BookedModel
from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.llm.image_generation import ImageGeneration
from functions.llm_reply.llm.transcription import Transcription
from functions.llm_reply.messaging.endings import apologise, end_crash_loop, withhold_chat
from functions.llm_reply.messaging.turning_away import turn_away
from functions.llm_reply.outcome_metrics import model_failed
from functions.llm_reply.prompting.context import ChatSnapshot, PromptContext, read
from functions.llm_reply.queue_work.batch import PostponedError, SuspectError, Task
from functions.llm_reply.queue_work.lease import leased_turn
from functions.llm_reply.safety.asides import say_owed
from functions.llm_reply.safety.moderation import Moderation
from functions.llm_reply.safety.screening import Screening
from functions.llm_reply.safety.session import note_session
from functions.llm_reply.text_to_speech.speaker import Speaker
from troupe.admission import Admission
from troupe.age import Standing, standing
from troupe.conversations import turn_lease
from troupe.conversations.jobs.answering import AnswerJob
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import ANSWERED, DELIVERED, DRAWING, GIVEN_UP, RECEIVED, TurnLostError
from troupe.observability import count, describe
from troupe.pseudonym import pseudonym
from troupe.spending.limits import LimitReachedError


@dataclass(frozen=True)
class Servers:
    model: BookedModel
    moderation: Moderation
    transcription: Transcription
    images: ImageGeneration
    speaker: Speaker


async def answer(job: AnswerJob, task: Task, servers: Servers) -> None:
    """:raises PostponedError: there is more to do, later
    :raises SuspectError: a worker died over this turn; it is to be worked with no neighbours
    """
    if task.left_s() < settings.model_timeout_s + settings.telegram_timeout_s:
        raise PostponedError(0)
    await give_way_as_newcomer(job.person_id, task)
    known = await read(job.person_id, job.chat_id, job.message_id)
    if known.user.erasure:
        # The erasure that waits behind this job takes the turn too, and no answer must be written any more.
        count("JobsCancelled")
        return
    found = known.neighbours.turn
    if found and (wait_ms := wait_for_next_part_ms(found, known.neighbours.later)):
        raise PostponedError(wait_ms / 1000)
    give_way_as_unanswered(known, task)
    if task.may_be_suspect and found and turn_lease.is_suspect(found):
        raise SuspectError
    try:
        async with leased_turn(job.chat_id, job.message_id, task, found) as turn:
            describe(person=pseudonym(int(turn.person_id)))
            await _advance(turn, known, task, servers)
    except TurnLostError:
        count("JobsRepeated")


async def _advance(turn: Turn, known: ChatSnapshot, task: Task, servers: Servers) -> None:
    """Takes the turn from any state to its end."""
    if turn.crashes > MAX_CRASHES:
        await end_crash_loop(turn)
    admission = settings.policy.admission(int(turn.person_id), known.user)
    if admission is not Admission.WELCOME:
        await turn_away(turn, admission, known.neighbours.earlier, task)
        return
    context = None
    may_chat = standing(settings.least_age, known.user) is Standing.FINE
    if may_chat:
        known = await _take_in(turn, known, task, servers)
    if turn.status == RECEIVED:
        note_session(turn, known.neighbours.recent, settings.ai_reminder_hours)
        try:
            async with Screening(turn, known.user, servers.moderation, known.pictures) as screening:
                if may_chat:
                    context = await _respond(turn, known, task, servers, screening)
                else:
                    await say_due(turn, task, screening)
                    await withhold_chat(turn, known.user, task)
        except LimitReachedError as reached:
            await say_owed(turn, task)
            await hold(turn, task, reached, is_checked=not screening.is_unchecked)
    await say_owed(turn, task)
    if turn.status == ANSWERED:
        await deliver_as_wanted(turn, known.user, task, servers.speaker)
    if turn.status == GIVEN_UP:
        await apologise(turn, task)
    if turn.status == DELIVERED and context:
        await tidy(turn, context, known.user)


async def _take_in(turn: Turn, known: ChatSnapshot, task: Task, servers: Servers) -> ChatSnapshot:
    """Sounds become words, and pictures come with them.

    :raises PostponedError: another attempt may bring them
    """
    is_heard = is_to_be_heard(turn, known.user)
    if is_heard:
        await hear(turn, known.user, task, servers.transcription, servers.moderation)
    seen = await look(turn, known)
    # Both take seconds, in which somebody may have changed what the conversation's row holds.
    return seen if seen is known and not is_heard else replace(seen, conversation=None)


async def _respond(
    turn: Turn, known: ChatSnapshot, task: Task, servers: Servers, screening: Screening
) -> PromptContext | None:
    if turn.kind != DRAWING:
        return await generate(turn, known, task, servers.model, screening)
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
            model_failed(failure, final=not is_tried_again(turn, failure))
    if failure:
        await postpone_or_do_without(turn, failure)
