"""The jobs of one invocation: chats side by side, in order within a chat."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from functions.llm_reply.queue_work import queue
from functions.llm_reply.queue_work.hiding import backoff_s, hold, receive_count
from functions.llm_reply.queue_work.queue import Record
from troupe import tables
from troupe.clock import monotonic_s, now_ms
from troupe.observability import count, logger, measuring

# A job that breaks and was received this often is given up. A job that waited behind others was received with them, and
# one that gave way was received each time: they may get fewer tries. A copy is kept for the operator, who can send it
# again.
MAX_RECEIVES = 4
# Seconds that a finished job waits for others, so that one request deletes them together.
SWEEP_S = 1
# Seconds that a postponed job waits for others, so that one request hides them together.
GATHER_S = 0.05


class PostponedError(Exception):
    """The job must come back after `wait_s`. `failure` names the failure of this attempt, if it failed."""

    def __init__(self, wait_s: float, failure: str | None = None) -> None:
        super().__init__(f"to come back in {wait_s:.1f} s")
        self.wait_s = wait_s
        self.failure = failure


class SuspectError(Exception):
    """A worker may have died over this job: work it alone, so that it kills no other chat's work."""


@dataclass(frozen=True)
class Task:
    """A queue message as it reached this invocation. `deadline` is on clock.monotonic_s."""

    record: Record
    deadline: float
    # True if no other chat is worked at the same time.
    alone: bool
    # The number of chats whose jobs came in the same batch.
    chats: int

    @property
    def receive_count(self) -> int:
        return receive_count(self.record)

    @property
    def may_be_suspect(self) -> bool:
        return self.receive_count > 1 and not self.alone

    @property
    def age_s(self) -> float:
        """Seconds since the job was put on the queue."""
        return (now_ms() - int(self.record["attributes"]["SentTimestamp"])) / 1000

    def left_s(self) -> float:
        return self.deadline - monotonic_s()


Work = Callable[[Task], Awaitable[None]]


async def work_batch(records: list[Record], work: Work, give_up: Work, deadline: float) -> list[str]:
    """Returns the message ids that must stay on the queue: each failed job, and the later jobs of its chat.

    :param give_up: ends a job that breaks again and again, so that the chat's later jobs get their turn

    Chats whose turn a worker may have died over come last, one by one and in random order. If one of them kills the
    worker again, the chats before it are done, and the crash counts against its turn alone.
    """
    chats: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        chats[record["attributes"]["MessageGroupId"]].append(record)
    batch = _Batch(work, give_up, deadline, chats=len(chats), holding=asyncio.create_task(hold(records, deadline)))
    await asyncio.gather(*(batch.work_chat(chat, alone=len(chats) == 1) for chat in chats.values()))
    random.shuffle(batch.suspects)
    for chat in batch.suspects:
        await batch.work_chat(chat, alone=True)
    await batch.holding
    if batch.hiding:
        await batch.hiding
    if batch.sweeping:
        batch.sweeping.cancel()
    return [record["messageId"] for record in batch.left]


@dataclass
class _Batch:
    work: Work
    give_up: Work
    deadline: float
    chats: int
    holding: "asyncio.Task[None]"

    def __post_init__(self) -> None:
        self.left: list[Record] = []
        self.suspects: list[list[Record]] = []
        self.done: list[Record] = []
        self.sweeping: asyncio.Task[None] | None = None
        self.postponed: list[tuple[Record, float]] = []
        self.hiding: asyncio.Task[None] | None = None

    async def work_chat(self, records: list[Record], *, alone: bool) -> None:
        for position, record in enumerate(records):
            task = Task(record, self.deadline, alone, self.chats)
            try:
                with measuring():
                    await self._work_one(task)
            except SuspectError:
                self.suspects.append(records[position:])
                return
            except PostponedError as postponed:
                self._leave(records[position:], postponed.wait_s)
                return
            except Exception as error:  # noqa: BLE001 - one job's bug must not fail the other jobs; `_ended` logs it
                if not await self._ended(task, error, records[position:]):
                    return
            # Lambda deletes jobs when the batch returns. A chat must not wait for the slowest one.
            if self.chats > 1:
                self.done.append(record)
                self.sweeping = self.sweeping or asyncio.create_task(self._sweep())

    async def _work_one(self, task: Task) -> None:
        try:
            async with asyncio.timeout(task.left_s()):
                await self.work(task)
        except TimeoutError:
            # The invocation ends, and the lease with it. The next worker goes on from the stored state.
            raise PostponedError(1) from None

    async def _ended(self, task: Task, error: Exception, records: list[Record]) -> bool:
        """False if the job, which comes first in the records, stays on the queue for another try."""
        name = {"message_id": task.record["messageId"]}
        if isinstance(error, tables.ERRORS) and not tables.never_succeeds(error):
            logger.exception("A table or queue failed", extra=name)
            self._leave(records, backoff_s(task.record))
            return False
        logger.exception("A job broke", extra=name)
        wait_s = backoff_s(task.record)
        with measuring():
            count("JobsBroken")
            if task.receive_count >= MAX_RECEIVES:
                try:
                    await self.give_up(task)
                except PostponedError as postponed:
                    wait_s = postponed.wait_s
                except Exception:  # noqa: BLE001 - as in work_chat
                    logger.exception("A broken job could not be given up", extra=name)
                else:
                    logger.error("A broken job was given up", extra=name)
                    return True
        self._leave(records, wait_s)
        return False

    async def _sweep(self) -> None:
        while self.done:
            await asyncio.sleep(SWEEP_S)
            done, self.done = self.done, []
            await asyncio.to_thread(queue.delete, done)
        self.sweeping = None

    def _leave(self, records: list[Record], wait_s: float) -> None:
        """Hides the failed job and the later ones of its chat: a hidden message holds back its whole message group."""
        self.left += records
        self.postponed += [(record, wait_s) for record in records]
        if self.hiding is None or self.hiding.done():
            self.hiding = asyncio.create_task(self._hide())

    async def _hide(self) -> None:
        await self.holding
        while self.postponed:
            await asyncio.sleep(GATHER_S)
            postponed, self.postponed = self.postponed, []
            await asyncio.to_thread(queue.hide_each, postponed)
