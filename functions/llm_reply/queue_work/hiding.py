"""How long the queue hides jobs from other workers: while they are worked, and until the next try."""

import asyncio
import random

from functions.llm_reply import settings
from functions.llm_reply.queue_work import queue
from functions.llm_reply.queue_work.queue import Record
from troupe.clock import monotonic_s, now_ms

# The longest wait of a job that raised an unexpected error or could not reach a table. The wait doubles from 2 s.
MAX_WAIT_S = 60
# Seconds between the end of an invocation and the return of its jobs, if its worker died.
GRACE_S = 5


async def postpone(records: list[Record]) -> list[str]:
    """Leaves a whole batch on the queue for a while, untouched. Returns the message ids, all of which must stay."""
    await asyncio.to_thread(queue.hide, records, max(map(backoff_s, records)))
    return [record["messageId"] for record in records]


async def hold(records: list[Record], deadline: float) -> None:
    """Keeps the jobs hidden until the invocation must be over, if the queue's own time would end before that."""
    wanted_s = deadline - monotonic_s() + GRACE_S
    if min(map(_hidden_s, records)) < wanted_s:
        await asyncio.to_thread(queue.hide, records, wanted_s)


def _hidden_s(record: Record) -> float:
    """How much longer the queue hides a job. SQS says when a job was first received, and not when it was again."""
    if receive_count(record) > 1:
        return 0
    received_at = int(record["attributes"].get("ApproximateFirstReceiveTimestamp", 0)) / 1000
    return received_at + settings.visibility_timeout_s - now_ms() / 1000


def receive_count(record: Record) -> int:
    return int(record["attributes"]["ApproximateReceiveCount"])


def backoff_s(record: Record) -> float:
    return min(2.0 ** min(receive_count(record), 10), MAX_WAIT_S) * random.uniform(0.5, 1)  # noqa: S311 - jitter
