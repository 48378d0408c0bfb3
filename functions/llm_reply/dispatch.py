"""Which function does each kind of job."""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any

from functions.llm_reply.broadcasting.page import send_page
from functions.llm_reply.clients import model, moderation, servers, speaker
from functions.llm_reply.jobs import alternatives, characters
from functions.llm_reply.jobs.age import go_on_from_age
from functions.llm_reply.jobs.answering.answer import answer
from functions.llm_reply.jobs.greet import greet
from functions.llm_reply.jobs.redeem import redeem
from functions.llm_reply.jobs.remembering import memory
from functions.llm_reply.jobs.remembering.describe import describe
from functions.llm_reply.jobs.remembering.summarize import summarize
from functions.llm_reply.jobs.remove import remove
from functions.llm_reply.jobs.speaking.speak import speak
from functions.llm_reply.jobs.speaking.write_out import write_out
from functions.llm_reply.jobs.suggest import suggest
from functions.llm_reply.llm.booked_model import BookedModel
from functions.llm_reply.owners.commands import obey
from functions.llm_reply.queue_work.batch import Task
from functions.llm_reply.welcome import is_void
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
from troupe.conversations.jobs.privacy import EraseJob, ExportJob, ForgetEventsJob
from troupe.conversations.jobs.remembering import CheckFactJob, DescribeJob, ForgetJob, MemoryJob, SummarizeJob


async def run_job(job: Job, task: Task) -> None:
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
