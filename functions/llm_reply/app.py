"""Job in, answer out."""

import asyncio
from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from openai import AsyncOpenAI, DefaultAsyncHttpxClient

from functions.llm_reply import settings
from functions.llm_reply.broadcasting.page import send_page
from functions.llm_reply.event_loop import run
from functions.llm_reply.jobs import alternatives, characters
from functions.llm_reply.jobs.age import go_on_from_age
from functions.llm_reply.jobs.answering.answer import Servers, answer
from functions.llm_reply.jobs.greet import greet
from functions.llm_reply.jobs.redeem import redeem
from functions.llm_reply.jobs.remembering import memory
from functions.llm_reply.jobs.remembering.describing import describe
from functions.llm_reply.jobs.remembering.summarize import summarize
from functions.llm_reply.jobs.remove import remove
from functions.llm_reply.jobs.scheduled.dead_letters import end_broken, end_unread, look
from functions.llm_reply.jobs.scheduled.model_shutdown import warn_of_shutdown
from functions.llm_reply.jobs.scheduled.updates_overdue import count_overdue_updates
from functions.llm_reply.jobs.speaking.speak import speak
from functions.llm_reply.jobs.speaking.write_out import write_out
from functions.llm_reply.jobs.suggest import suggest
from functions.llm_reply.llm.booked_model import BookedModel
from functions.llm_reply.llm.client import Model
from functions.llm_reply.llm.embeddings import Embeddings
from functions.llm_reply.llm.fallback import ModelWithFallback
from functions.llm_reply.llm.image_generation import ImageGeneration
from functions.llm_reply.llm.transcription import Transcription
from functions.llm_reply.messaging import bot_client
from functions.llm_reply.messaging.owner_notice import tell_owners
from functions.llm_reply.owners.commands import obey
from functions.llm_reply.queue_work import queue
from functions.llm_reply.queue_work.batch import Task, postpone, work_batch
from functions.llm_reply.safety.moderation import Moderation
from functions.llm_reply.text_to_speech.speaker import Speaker
from functions.llm_reply.trust import tls
from functions.llm_reply.welcome import is_void
from troupe import aws, first_calls, tables
from troupe.broadcasts import Broadcast
from troupe.characters.character import Character
from troupe.clock import monotonic_s
from troupe.conversations.conversation import Conversation
from troupe.conversations.jobs.answering import (
    AlternativeGreetingJob,
    AlternativeJob,
    AnswerJob,
    GreetJob,
    RemoveJob,
    SpeakJob,
    WriteOutJob,
)
from troupe.conversations.jobs.brought_chats import BroughtChatJob, DropChatJob, ImportChatJob, ShowChatJob
from troupe.conversations.jobs.characters import (
    ExportCardJob,
    IntroduceJob,
    OwnerJob,
    ReadCardJob,
    RefuseCardJob,
    ShowCardJob,
    SuggestJob,
)
from troupe.conversations.jobs.entry import AgeJob, RedeemJob
from troupe.conversations.jobs.kinds import Job
from troupe.conversations.jobs.owners import BroadcastJob, OwnerCommandJob
from troupe.conversations.jobs.parsing import MalformedJobError, parse
from troupe.conversations.jobs.privacy import EraseJob, ExportJob, ForgetEventsJob
from troupe.conversations.jobs.remembering import CheckFactJob, DescribeJob, ForgetJob, MemoryJob, SummarizeJob
from troupe.conversations.turn import Turn
from troupe.invitations import Invitation
from troupe.memories.memory_part import MemoryPart
from troupe.model_state import ModelState
from troupe.observability import correlate, count, logger, observed, record_ms
from troupe.spending.days import BotDay, PersonDay
from troupe.users import User

# Seconds kept at the end of an invocation for handing the unfinished jobs back to the queue.
MARGIN_S = 3

for table in (User, Character, Turn, Conversation, MemoryPart, Invitation, Broadcast, ModelState, PersonDay, BotDay):
    table.connect()
aws.client("sqs")


async def _openai_key() -> str:
    return await asyncio.to_thread(settings.openai_api_key)


async def _fallback_key() -> str:
    return await asyncio.to_thread(settings.fallback_api_key)


http = DefaultAsyncHttpxClient(verify=tls)
client = AsyncOpenAI(api_key=_openai_key, base_url=settings.openai_base_url, max_retries=0, http_client=http)
# The client loads half of its modules at its first use: load them at the start, not while the first person waits.
_ = client.responses
embeddings = (
    Embeddings(
        client.with_options(base_url=settings.embeddings_base_url), settings.embeddings_model, settings.embeddings_price
    )
    if settings.embeddings_model
    else None
)
chosen = Model(client, settings.openai_model)
models = [(client, settings.openai_model)]
if settings.fallback_model:
    second = client
    if settings.fallback_base_url:
        second = AsyncOpenAI(
            api_key=_fallback_key, base_url=settings.fallback_base_url, max_retries=0, http_client=http
        )
    models.append((second, settings.fallback_model))
fallback = Model(*models[1]) if settings.fallback_model else None
model = BookedModel(ModelWithFallback(chosen, fallback, tell_owners), embeddings)
moderation = Moderation(client, settings.moderation, settings.openai_base_url)
transcription = Transcription(client, settings.transcription_model, settings.openai_base_url)
images = ImageGeneration(client, settings.image_model, settings.image_quality, settings.image_price)
speech_client = client.with_options(base_url=settings.speech_base_url)
speaker = Speaker(speech_client, settings.speech_model, settings.speech_base_url, settings.speech_voices)
servers = Servers(model, moderation, transcription, images, speaker)


async def _connect() -> None:
    """Opens connections to Telegram and to the model's server. Their answers do not matter."""
    reached = bot_client.reach(), http.get(settings.openai_base_url, timeout=first_calls.MAX_WAIT_S)
    await asyncio.gather(*reached, return_exceptions=True)


first_calls.make(bot_client.bot, lambda: run(_connect()), partial(Turn.find, 0, 0), first_calls.reach_queue)


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An SQS batch, or the schedule's event, which has no content: then the function looks for overdue updates, dead
    letters and, once a day, the models' shutdown dates.

    Returns the message ids of the jobs that stay on the queue (ReportBatchItemFailures).
    """
    deadline = monotonic_s() + context.get_remaining_time_in_millis() / 1000 - MARGIN_S
    if event.get("source") == "aws.events":
        run(look(deadline, model))
        run(count_overdue_updates())
        others = (client, images.model, images.is_on), (speech_client, speaker.model, speaker.is_on)
        run(warn_of_shutdown([*models, *((server, name) for server, name, is_on in others if is_on)]))
        return {}
    try:
        settings.read_secrets()
    except tables.ERRORS:
        logger.exception("The secrets can't be read; the batch stays on the queue")
        left = run(postpone(event["Records"]))
    else:
        left = run(work_batch(event["Records"], _work, end_broken, deadline))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in left]}


async def _work(task: Task) -> None:
    try:
        job = parse(task.record["body"])
    except MalformedJobError as error:
        count("JobsMalformed")
        logger.error("Malformed job", extra={"reason": str(error)})
        if not await end_unread(task):
            await asyncio.to_thread(queue.bury, task.record)
        return
    correlate(job.correlation_id)
    if task.receive_count == 1:
        record_ms("QueueWait", task.age_s * 1000)
    await _run(job, task)


async def _run(job: Job, task: Task) -> None:
    if isinstance(job, EraseJob | ForgetEventsJob):
        await _run_erasure(job, task)
        return
    # These two read the person's row themselves.
    if not isinstance(job, AnswerJob | RedeemJob) and await is_void(job):
        return
    match job:
        case AnswerJob():
            await answer(job, task, servers)
        case GreetJob() | SummarizeJob() | DescribeJob() | SuggestJob() | AgeJob():
            await _WITH_MODEL[type(job)](job, task, model)
        case RefuseCardJob() | ShowCardJob() | IntroduceJob() | OwnerJob() | ReadCardJob() | ExportCardJob():
            await characters.work(job, task, moderation)
        case ShowChatJob() | ImportChatJob() | DropChatJob():
            await _work_on_chat(job, task)
        case _:
            await _WITHOUT_MODEL[type(job)](job, task)


async def _export(job: ExportJob, task: Task) -> None:
    """Imported at the first of these jobs: they are rare, and every cold start would load them."""
    from functions.llm_reply.jobs.export import export  # noqa: PLC0415 - see above

    await export(job, task)


async def _work_on_chat(job: BroughtChatJob, task: Task) -> None:
    """Imported like `_export`."""
    from functions.llm_reply.jobs.importing import brought_chats  # noqa: PLC0415 - see above

    await brought_chats.work(job, task, moderation)


async def _run_erasure(job: EraseJob | ForgetEventsJob, task: Task) -> None:
    """Also for a person who may not come in any more. Imported like `_export`."""
    from functions.llm_reply.jobs.erase import erase  # noqa: PLC0415 - see above
    from functions.llm_reply.jobs.forget_events import forget_events  # noqa: PLC0415 - see above

    if isinstance(job, EraseJob):
        await erase(job, task)
    else:
        await forget_events(job, task)


# Any: each function takes its own kind of job.
_WITH_MODEL: dict[type[Job], Callable[[Any, Task, BookedModel], Awaitable[None]]] = {
    GreetJob: greet,
    SummarizeJob: summarize,
    DescribeJob: describe,
    SuggestJob: suggest,
    AgeJob: go_on_from_age,
}
_WITHOUT_MODEL: dict[type[Job], Callable[[Any, Task], Awaitable[None]]] = {
    MemoryJob: partial(memory.show_or_pin, moderation=moderation),
    CheckFactJob: partial(memory.check_fact, moderation=moderation),
    ForgetJob: memory.forget,
    AlternativeJob: alternatives.show_alternative,
    AlternativeGreetingJob: alternatives.show_alternative_greeting,
    RemoveJob: remove,
    SpeakJob: partial(speak, speaker=speaker),
    WriteOutJob: write_out,
    ExportJob: _export,
    RedeemJob: redeem,
    OwnerCommandJob: obey,
    BroadcastJob: send_page,
}
