"""Delivers the records of one shard to a function in order, and retries until they are processed or discarded."""

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
MIN_PAUSE, MAX_PAUSE = 0.2, 10.0  # seconds
MAX_DOUBLINGS = 10  # a record may fail thousands of times, and 2.0 ** 1024 overflows


@dataclass(frozen=True)
class _Batch:
    records: Sequence[Record]
    failures: int = 0
    culprit_known: bool = False
    """The function named the failed record, so bisecting is unnecessary."""


class ShardDelivery:
    """:param done_with: called with the sequence number up to which all records are processed or discarded
    :param give_up: called with the records to discard, the reason, and how often they failed
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
        """Returns when every record is processed or discarded, or at the stop, which may leave some undelivered."""
        waiting = [_Batch(records)] if records else []
        while waiting and not self._stopping:
            waiting = [*await self._left_of(waiting[0]), *waiting[1:]]

    async def _left_of(self, batch: _Batch) -> list[_Batch]:
        """Delivers the batch once. Returns the batches that are still to be delivered."""
        rest = await self._attempt(batch)
        if rest is None:
            self._done_with(sequence_number(batch.records[-1]))
            return []
        aged = [record for record in rest.records if self._is_too_old(record)]
        if aged:
            await self._drop(aged, "RecordAgeExceeded", rest.failures)
            rest = replace(rest, records=rest.records[len(aged) :])
        if self._mapping.bisects_on_error and not rest.culprit_known and len(rest.records) > 1:
            # Bisecting does not count as a retry.
            middle = len(rest.records) // 2
            return [_Batch(half, batch.failures) for half in (rest.records[:middle], rest.records[middle:])]
        if rest.records and 0 <= self._mapping.maximum_retry_attempts < rest.failures:
            await self._drop(rest.records, "RetryAttemptsExhausted", rest.failures)
            return []
        await self._stopping.pause(min(MIN_PAUSE * 2 ** min(rest.failures, MAX_DOUBLINGS), MAX_PAUSE))
        return [rest] if rest.records else []

    async def _attempt(self, batch: _Batch) -> _Batch | None:
        """Invokes the function. Returns the rest of the batch, from the first failure on, or None if all succeeded."""
        numbers = [sequence_number(record) for record in batch.records]
        try:
            answer = await self._function.invoke({"Records": list(batch.records)})
            failed = failed_identifiers(answer, numbers) if self._mapping.reports_batch_item_failures else set()
        except InvocationError:
            return replace(batch, failures=batch.failures + 1, culprit_known=False)
        except MalformedBatchResponseError:
            logger.error("%s answered no valid batch response", self._function.function.logical_id)  # noqa: TRY400 - the trace adds nothing
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
