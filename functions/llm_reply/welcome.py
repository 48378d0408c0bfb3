"""Whether a job is still to be done: its person may have been blocked, or erased."""

import asyncio

from functions.llm_reply import settings
from troupe.brought_chats import shelf
from troupe.characters import owned
from troupe.conversations.jobs.answering import (
    AlternativeGreetingJob,
    AlternativeJob,
    GreetJob,
    RemoveJob,
    SpeakJob,
    WriteOutJob,
)
from troupe.conversations.jobs.brought_chats import ImportChatJob, ShowChatJob
from troupe.conversations.jobs.characters import ShowCardJob
from troupe.conversations.jobs.kinds import Job
from troupe.conversations.jobs.privacy import ExportJob, ForgetEventsJob
from troupe.conversations.jobs.remembering import CheckFactJob, DescribeJob, ForgetJob, MemoryJob, SummarizeJob
from troupe.observability import count
from troupe.users import User

# The person's row was stored before one of these was queued. Without a row the person is erased.
_OF_KNOWN_PEOPLE = (
    AlternativeGreetingJob, AlternativeJob, CheckFactJob, DescribeJob, ExportJob, ForgetJob, GreetJob, ImportChatJob,
    MemoryJob, RemoveJob, SpeakJob, SummarizeJob, WriteOutJob,
)  # fmt: skip


async def is_welcome(person_id: int) -> bool:
    return settings.policy.admits(person_id, await asyncio.to_thread(User.find, person_id))


async def is_void(job: Job) -> bool:
    """True if the job is to be dropped: an owner has blocked the person since, or their data is erased."""
    if isinstance(job, ForgetEventsJob):
        return False
    user = await asyncio.to_thread(User.find, job.person_id)
    if not settings.policy.admits(job.person_id, user):
        # Their own data is sent to them all the same, also if it is messages alone.
        return not isinstance(job, ExportJob) or bool(user and user.erasure)
    brought = isinstance(job, ShowChatJob) or (isinstance(job, ShowCardJob) and job.is_new)
    # The row of an erased person may be left with nothing but a limit that an owner has set.
    is_gone = user is None or not user.registered_at
    if (user and user.erasure) or (is_gone and (brought or isinstance(job, _OF_KNOWN_PEOPLE))):
        count("JobsCancelled")
        # The function that reads files does not read the person's row before it stores its result.
        if isinstance(job, ShowCardJob) and job.is_new:
            await asyncio.to_thread(owned.delete, job.person_id, job.character_id)
        elif isinstance(job, ShowChatJob):
            await asyncio.to_thread(shelf.drop, job.person_id, job.digest)
        return True
    return False
