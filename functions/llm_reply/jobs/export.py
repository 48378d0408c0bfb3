"""/export: sends all that the bot holds of a person, as a page to read and as JSON; a part of it with each job.

A job that comes again makes its part anew, from the place at which the part before ended. So one part is in memory at a
time, and only a worker that dies while it sends makes a part come twice.
"""

import asyncio
import json
from datetime import UTC, datetime

from functions.llm_reply import settings
from functions.llm_reply.messaging import bot_api
from functions.llm_reply.messaging.telegram_retry import retried
from functions.llm_reply.privacy.data_category import DataSubject
from functions.llm_reply.privacy.part import Part, gather
from functions.llm_reply.privacy.readable import page
from functions.llm_reply.queue_work.batch import PostponedError, Task
from troupe.clock import now_ms
from troupe.conversations.jobs.privacy import ExportJob
from troupe.conversations.jobs.queue import enqueue
from troupe.observability import count
from troupe.telegram.privacy_texts import privacy_texts

# Seconds to make the files of the rows that were read.
FILES_S = 5


async def export(job: ExportJob, task: Task) -> None:
    """:raises PostponedError: Telegram could not take it just now, or too little time is left"""
    needed = 2 * settings.telegram_timeout_s + FILES_S
    if task.left_s() < needed + FILES_S:
        raise PostponedError(0)
    subject = DataSubject(job.person_id, job.chat_id)
    part = await asyncio.to_thread(gather, subject, job.category, job.after, lambda: task.left_s() > needed)
    async with retried(job, task):
        await _send(job, part)
        if part.following:
            await asyncio.to_thread(_queue_next, job, part.following)
        else:
            count("ExportsSent")


async def _send(job: ExportJob, part: Part) -> None:
    said, date = privacy_texts(job.language), datetime.fromtimestamp(now_ms() / 1000, UTC).strftime("%Y-%m-%d")
    several = job.part > 1 or part.following is not None
    name = f"troupe-{date}-{job.part}" if several else f"troupe-{date}"
    first = said.export_caption if job.part == 1 else said.export_next.format(part=job.part)
    read = await asyncio.to_thread(page, part.rows, said, job.language, date)
    await bot_api.send_file(job.chat_id, f"{name}.html", read, caption=first, thread_id=job.thread_id)
    whole = {"date": date, "part": job.part, "is_last": part.following is None, **part.rows}
    data = json.dumps(whole, ensure_ascii=False, indent=1).encode()
    await bot_api.send_file(job.chat_id, f"{name}.json", data, caption="", thread_id=job.thread_id)


def _queue_next(job: ExportJob, following: tuple[int, str]) -> None:
    category, after = following
    next_job = ExportJob(**{**vars(job), "part": job.part + 1, "category": category, "after": after})
    enqueue(next_job, f"export:{job.correlation_id}:{next_job.part}")
