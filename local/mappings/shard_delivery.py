"""Delivers the records of one shard to a function: in order, again until they are taken or given up."""

import logging
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace

from local.invocation import InvocationError, LocalFunction
from local.mappings.batch_response import MalformedBatchResponseError, failed_identifiers
from local.mappings.on_failure import Condition
from local.mappings.polling import Stopping
from local.mappings.stream_record import Record, created_at, sequence_number
from local.template import StreamMapping

logger = logging.getLogger(__name__)

GiveUp = Callable[[Sequence[Record], Condition, int], Awaitable[None]]

RETENTION_SECONDS = 24 * 60 * 60
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 10.0
MOST_DOUBLINGS = 10  # a record may fail thousands of times, a float doubles a thousand


@dataclass(frozen=True)
class _Batch:
    records: Sequence[Record]
    failures: int = 0
    culprit_known: bool = False
    """The function named the record it failed at: no use in halving to find it."""


class ShardDelivery:
    """`done_with` is called with the sequence number behind which nothing is to be delivered again, `give_up` with
    records that are not to be tried any more, the reason, and how often they failed.
    """

    def __init__(
        self,
        mapping: StreamMapping,
        function: LocalFunction,
        stopping: Stopping,
        *,
        done_with: Callable[[str], None],
        give_up: GiveUp,
    ) -> None:
        self._mapping = mapping
        self._function = function
        self._stopping = stopping
        self._done_with = done_with
        self._give_up = give_up

    async def deliver(self, records: Sequence[Record]) -> None:
        """Returns when every record was taken or given up, or with the stop; the rest is then not done with."""
        waiting = [_Batch(records)] if records else []
        while waiting and not self._stopping:
            waiting = [*await self._left_of(waiting[0]), *waiting[1:]]

    async def _left_of(self, batch: _Batch) -> list[_Batch]:
        """What has to be delivered after one more attempt at this."""
        rest = await self._attempt(batch)
        if rest is None:
            self._done_with(sequence_number(batch.records[-1]))
            return []
        aged = [record for record in rest.records if self._is_too_old(record)]
        if aged:
            await self._drop(aged, "RecordAgeExceeded", rest.failures)
            rest = replace(rest, records=rest.records[len(aged) :])
        if self._mapping.bisects_on_error and not rest.culprit_known and len(rest.records) > 1:
            # Halving is no retry: it costs none.
            middle = len(rest.records) // 2
            return [_Batch(half, batch.failures) for half in (rest.records[:middle], rest.records[middle:])]
        if rest.records and 0 <= self._mapping.maximum_retry_attempts < rest.failures:
            await self._drop(rest.records, "RetryAttemptsExhausted", rest.failures)
            return []
        await self._stopping.pause(min(FIRST_PAUSE * 2 ** min(rest.failures, MOST_DOUBLINGS), LONGEST_PAUSE))
        return [rest] if rest.records else []

    async def _attempt(self, batch: _Batch) -> _Batch | None:
        """What of the batch has to be tried again, from the first failure on; None if all of it was taken."""
        numbers = [sequence_number(record) for record in batch.records]
        try:
            answer = await self._function.invoke({"Records": list(batch.records)})
            failed = failed_identifiers(answer, numbers) if self._mapping.reports_batch_item_failures else set()
        except InvocationError:
            return replace(batch, failures=batch.failures + 1, culprit_known=False)
        except MalformedBatchResponseError:
            logger.error("%s answered no valid batch response", self._function.function.logical_id)  # noqa: TRY400 - the trace is ours and says nothing
            return replace(batch, failures=batch.failures + 1, culprit_known=False)
        if not failed:
            return None
        first = next(n for n, number in enumerate(numbers) if number in failed)
        if first:
            self._done_with(numbers[first - 1])
        return _Batch(batch.records[first:], 1 if first else batch.failures + 1, culprit_known=True)

    def _is_too_old(self, record: Record) -> bool:
        oldest = self._mapping.maximum_record_age_seconds
        return time.time() - created_at(record) > (oldest if oldest >= 0 else RETENTION_SECONDS)

    async def _drop(self, records: Sequence[Record], condition: Condition, failures: int) -> None:
        await self._give_up(records, condition, failures)
        self._done_with(sequence_number(records[-1]))
