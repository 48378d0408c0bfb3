"""Sends a broadcast, one page of people after the other, each page as a job of its own.

All pages are in one message group, so that one worker sends at a time and keeps to Telegram's limit. That group is
nobody's chat: a broadcast delays no answer.
"""

import asyncio
from collections import Counter

from functions.llm_reply import settings
from functions.llm_reply.broadcasting.recipients import RefusedError, deliver, without_sending
from functions.llm_reply.broadcasting.report import report
from functions.llm_reply.failures import Failure
from functions.llm_reply.queue_work.batch import PostponedError, Task
from troupe import tables, user_admin
from troupe.broadcasts import CANCELLED, DONE, RUNNING, Broadcast
from troupe.clock import monotonic_s
from troupe.conversations.jobs.owners import BroadcastJob, OwnerCommandJob
from troupe.conversations.jobs.queue import enqueue
from troupe.observability import logger
from troupe.users import User

# Telegram takes about 30 messages a second of one bot: https://core.telegram.org/bots/faq#my-bot-is-hitting-limits
PER_SECOND = 25
# Ten seconds' worth: an invocation has time for it, and a death repeats no more than its reads.
PAGE = 250
# Messages on their way to Telegram at once. A worker that dies loses no more than these.
MAX_ON_THE_WAY = 5
PAGE_S = PAGE / PER_SECOND
UNMARKED = Failure("broadcast_unmarked")


def queue_page(broadcast: Broadcast, asked: OwnerCommandJob | BroadcastJob) -> None:
    """The queue drops a repeat within five minutes; a later repeat is known by the number of its step."""
    job = BroadcastJob(
        person_id=asked.person_id,
        chat_id=asked.chat_id,
        broadcast_id=broadcast.id,
        step=int(broadcast.step),
        language=asked.language,
        thread_id=asked.thread_id,
        correlation_id=asked.correlation_id,
    )
    enqueue(job, f"broadcast:{broadcast.id}:{job.step}")


async def send_page(job: BroadcastJob, task: Task) -> None:
    """:raises PostponedError: Telegram asks to wait, or the invocation is nearly over"""
    broadcast = await asyncio.to_thread(Broadcast.of, job.broadcast_id)
    if broadcast is None:
        return
    if broadcast.state in {CANCELLED, DONE}:
        await report(broadcast, job, task)
        return
    if broadcast.state != RUNNING:
        return
    if job.step == broadcast.step:
        if task.left_s() < PAGE_S + settings.telegram_timeout_s:
            raise PostponedError(0)
        await _send(broadcast, task)
    # Also if a worker died after the page was saved and before the next one was queued.
    await asyncio.to_thread(queue_page, broadcast, job)


async def _send(broadcast: Broadcast, task: Task) -> None:
    after = None if broadcast.cursor is None else int(broadcast.cursor)
    people, cursor = await asyncio.to_thread(user_admin.page_after, after, PAGE)
    page = _Page(broadcast)
    async with asyncio.TaskGroup() as sending:
        for user in people:
            if outcome := without_sending(user, broadcast):
                page.came_to[outcome] += 1
                continue
            await page.may_send()
            if page.refused:
                break
            sending.create_task(page.send(user))
    if page.refused:
        # The next worker reads the page again, and sends to the people who are not marked.
        raise PostponedError(page.refused.wait_s(task.receive_count), page.refused.name)
    await asyncio.to_thread(broadcast.advance, cursor, page.came_to)


class _Page:
    """`refused`: Telegram took no more messages, or a table failed."""

    def __init__(self, broadcast: Broadcast) -> None:
        self.came_to: Counter[str] = Counter()
        self.refused: Failure | None = None
        self._broadcast = broadcast
        self._on_the_way = asyncio.Semaphore(MAX_ON_THE_WAY)
        self._next_at = monotonic_s()

    async def may_send(self) -> None:
        """Waits for the next message's turn."""
        await self._on_the_way.acquire()
        await asyncio.sleep(self._next_at - monotonic_s())
        self._next_at = max(self._next_at, monotonic_s()) + 1 / PER_SECOND

    async def send(self, user: User) -> None:
        try:
            self.came_to[await deliver(user, self._broadcast)] += 1
        except RefusedError as refused:
            self.refused = refused.failure
        except tables.ERRORS:
            logger.exception("A person of a broadcast can't be marked")
            self.refused = UNMARKED
        finally:
            self._on_the_way.release()
