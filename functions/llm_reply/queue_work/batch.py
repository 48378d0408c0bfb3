"""The jobs of one invocation: chats side by side, in order within a chat."""

import asyncio
import random
from collections import defaultdict
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from functions.llm_reply.queue_work import queue
from functions.llm_reply.queue_work.queue import Record
from troupe import tables
from troupe.clock import monotonic_s, now_ms
from troupe.observability import count, logger, measuring

# What a job that broke unexpectedly, or could not reach a table, waits: it doubles up to this.
MAX_WAIT_S = 60
# A batch whose worker dies comes back this long after the invocation must be over.
GRACE_S = 5
# A chat that is done waits this long for others, to leave the queue with them in one request; or for the batch's end.
SWEEP_S = 1


class PostponedError(Exception):
    """The job is to come back after a while, because of `failure` if an attempt at it has failed."""

    def __init__(self, wait_s: float, failure: str | None = None) -> None:
        super().__init__(f"to come back in {wait_s:.1f} s")
        self.wait_s = wait_s
        self.failure = failure


class SuspectError(Exception):
    """A worker has died over this job before: it is to be worked alone, so that it takes no neighbour with it."""


@dataclass(frozen=True)
class Task:
    """A queue message as it reached this invocation. `deadline` is on clock.monotonic_s."""

    record: Record
    deadline: float
    # No other chat is being worked beside it.
    alone: bool

    @property
    def receive_count(self) -> int:
        return int(self.record["attributes"]["ApproximateReceiveCount"])

    @property
    def may_be_suspect(self) -> bool:
        return self.receive_count > 1 and not self.alone

    @property
    def age_s(self) -> float:
        """Since it was put on the queue."""
        return (now_ms() - int(self.record["attributes"]["SentTimestamp"])) / 1000

    def left_s(self) -> float:
        return self.deadline - monotonic_s()


Work = Callable[[Task], Awaitable[None]]


async def work_batch(records: list[Record], work: Work, deadline: float) -> list[str]:
    """Returns the message ids that must stay on the queue: each failed job, and those behind it in its chat.

    Chats in which a worker has died before come last, one by one and in random order. If one of them is the reason,
    the others get through all the same, and its turn alone has the crashes counted against it.
    """
    chats: dict[str, list[Record]] = defaultdict(list)
    for record in records:
        chats[record["attributes"]["MessageGroupId"]].append(record)
    batch = _Batch(work, deadline, crowded=len(chats) > 1, holding=asyncio.create_task(_hold(records, deadline)))
    await asyncio.gather(*(batch.work_chat(chat, alone=not batch.crowded) for chat in chats.values()))
    random.shuffle(batch.suspects)
    for chat in batch.suspects:
        await batch.work_chat(chat, alone=True)
    await batch.holding
    if batch.sweeping:
        batch.sweeping.cancel()
    return [record["messageId"] for record in batch.left]


@dataclass
class _Batch:
    work: Work
    deadline: float
    crowded: bool
    holding: "asyncio.Task[None]"

    def __post_init__(self) -> None:
        self.left: list[Record] = []
        self.suspects: list[list[Record]] = []
        self.done: list[Record] = []
        self.sweeping: asyncio.Task[None] | None = None

    async def work_chat(self, records: list[Record], *, alone: bool) -> None:
        for position, record in enumerate(records):
            task = Task(record, self.deadline, alone)
            try:
                with measuring():
                    await self._work_one(task)
            except SuspectError:
                self.suspects.append(records[position:])
                return
            except PostponedError as postponed:
                await self._leave(records[position:], postponed.wait_s)
                return
            except tables.ERRORS:
                logger.exception("A table or queue failed", extra={"message_id": record["messageId"]})
                await self._leave(records[position:], _backoff_s(task))
                return
            except Exception:  # noqa: BLE001 - one job's bug must not take its neighbours with it; logged, and stays
                with measuring():
                    count("JobsBroken")
                logger.exception("A job broke", extra={"message_id": record["messageId"]})
                await self._leave(records[position:], _backoff_s(task))
                return
            # A batch is deleted as a whole when it returns. With others in it, a chat must not wait for them.
            if self.crowded:
                self.done.append(record)
                self.sweeping = self.sweeping or asyncio.create_task(self._sweep())

    async def _work_one(self, task: Task) -> None:
        try:
            async with asyncio.timeout(task.left_s()):
                await self.work(task)
        except TimeoutError:
            # The invocation is about to end. Its lease ends with it, and the next one goes on from what is stored.
            raise PostponedError(1) from None

    async def _sweep(self) -> None:
        while self.done:
            await asyncio.sleep(SWEEP_S)
            done, self.done = self.done, []
            await asyncio.to_thread(queue.delete, done)
        self.sweeping = None

    async def _leave(self, records: list[Record], wait_s: float) -> None:
        """The chat's later jobs wait with the one that failed: a message in flight holds up its whole group."""
        self.left += records
        await self.holding
        await asyncio.to_thread(queue.hide, records, wait_s)


async def _hold(records: list[Record], deadline: float) -> None:
    """The queue hides a batch for six times the function's timeout. So long nobody should wait for a dead worker."""
    await asyncio.to_thread(queue.hide, records, deadline - monotonic_s() + GRACE_S)


def _backoff_s(task: Task) -> float:
    return min(2.0 ** min(task.receive_count, 10), MAX_WAIT_S) * random.uniform(0.5, 1)  # noqa: S311 - jitter
