"""Retries a job outside a turn when Telegram refuses its message: for a day, or not at all."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from telegram.error import TelegramError

from functions.llm_reply.failures import DELIVERY_MS, of_telegram
from functions.llm_reply.messaging import notices
from functions.llm_reply.outcome_metrics import telegram_failed
from functions.llm_reply.queue_work.batch import PostponedError, Task
from troupe import users
from troupe.clock import now_ms
from troupe.conversations.jobs.kinds import SpeakingJob


@asynccontextmanager
async def retried(job: SpeakingJob, task: Task, *, apologises: bool = True) -> AsyncIterator[None]:
    """Apologises if another try would be refused too and the person waits for something.

    :raises PostponedError: another try may succeed, and the job is younger than a day
    """
    began = now_ms()
    try:
        yield
    except TelegramError as error:
        failure = of_telegram(error)
        telegram_failed(failure)
        if failure.unreachable:
            await asyncio.to_thread(users.mark_blocked, job.person_id, began)
        if failure.retry and task.age_s * 1000 < DELIVERY_MS:
            raise PostponedError(failure.wait_s(task.receive_count)) from error
        if apologises and not failure.unreachable:
            await notices.say_sorry(job.chat_id, job.language, thread_id=job.thread_id)
