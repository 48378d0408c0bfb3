"""Polls a DynamoDB stream for a function, as Lambda's event source mapping does."""

import asyncio
import logging
from typing import TYPE_CHECKING, Any, Literal

from local.aws import Aws
from local.invocation import LocalFunction
from local.mappings.checkpoints import Checkpoints
from local.mappings.on_failure import OnFailure
from local.mappings.polling import AWS_ERRORS, Calls, Outage, Stopping
from local.mappings.shard_delivery import ShardDelivery
from local.mappings.stream_record import lambda_record
from local.template import StreamMapping

if TYPE_CHECKING:
    from mypy_boto3_dynamodbstreams.type_defs import ShardTypeDef

logger = logging.getLogger(__name__)

# Lambda reads a shard four times a second. Twice a second is enough for product events.
IDLE_SECONDS = 0.5
SECONDS_BETWEEN_LISTINGS = 10
MAX_PAGE = 1000


class StreamPoller:
    """One reader per shard: parents before children, records in order, from the last checkpoint on.

    A batch holds the records of one read, up to BatchSize. There is no batching window.
    """

    def __init__(
        self,
        mapping: StreamMapping,
        function: LocalFunction,
        *,
        arn: str,
        aws: Aws,
        calls: Calls,
        checkpoints: Checkpoints,
        on_failure: OnFailure,
    ) -> None:
        self._mapping = mapping
        self._arn = arn
        self._function = function
        self._aws = aws
        self._calls = calls
        self._checkpoints = checkpoints
        self._on_failure = on_failure
        self._key = f"{function.function.logical_id} {arn}"
        self._stopping = Stopping()
        self._outage = Outage(f"The stream of {mapping.table}", self._stopping)

    async def run(self) -> None:
        """Runs until stopped, and finishes the invocations in flight."""
        readers: dict[str, asyncio.Task[None]] = {}
        start: Literal["TRIM_HORIZON", "LATEST"] = self._mapping.starting_position
        async with asyncio.TaskGroup() as group:
            while not self._stopping:
                shards = await self._shards()
                for shard in shards:
                    parent = readers.get(shard.get("ParentShardId", ""))
                    if shard["ShardId"] not in readers and (parent is None or parent.done()):
                        readers[shard["ShardId"]] = group.create_task(self._read(shard["ShardId"], start))
                if shards:
                    start = "TRIM_HORIZON"  # a later shard is read from its first record on
                    await self._stopping.pause(SECONDS_BETWEEN_LISTINGS)

    def stop(self) -> None:
        self._stopping.set()

    async def _shards(self) -> "list[ShardTypeDef]":
        """Returns [] after a pause if the stream can't be read."""
        shards: list[ShardTypeDef] = []
        more: dict[str, Any] = {}
        try:
            while True:
                page = await self._calls(self._aws.streams.describe_stream, StreamArn=self._arn, **more)
                shards += page["StreamDescription"]["Shards"]
                last = page["StreamDescription"].get("LastEvaluatedShardId")
                if last is None:
                    return shards
                more = {"ExclusiveStartShardId": last}
        except AWS_ERRORS as error:
            await self._outage.wait(error)
            return []

    async def _read(self, shard: str, start: Literal["TRIM_HORIZON", "LATEST"]) -> None:
        """Reads to the end of the shard; an open shard has none."""
        delivery = ShardDelivery(
            self._mapping,
            self._function,
            self._stopping,
            done_with=lambda number: self._checkpoints.set(self._key, shard, number),
            give_up=lambda *what: self._on_failure.notify(shard, *what),
        )
        iterator: str | None = None
        while not self._stopping:
            try:
                iterator = iterator or await self._iterator(shard, start)
                page = await self._calls(
                    self._aws.streams.get_records,
                    ShardIterator=iterator,
                    Limit=min(self._mapping.batch_size, MAX_PAGE),
                )
            except AWS_ERRORS as error:
                # An iterator that expired during long retries raises one of these errors.
                iterator = None
                await self._outage.wait(error)
                continue
            self._outage.over()
            await delivery.deliver([lambda_record(record, self._arn) for record in page["Records"]])
            iterator = page.get("NextShardIterator")
            if iterator is None:
                return
            if not page["Records"]:
                await self._stopping.pause(IDLE_SECONDS)

    async def _iterator(self, shard: str, start: Literal["TRIM_HORIZON", "LATEST"]) -> str:
        get = self._aws.streams.get_shard_iterator
        done = self._checkpoints.get(self._key, shard)
        if done is not None:
            try:
                found = await self._calls(
                    get,
                    StreamArn=self._arn,
                    ShardId=shard,
                    ShardIteratorType="AFTER_SEQUENCE_NUMBER",
                    SequenceNumber=done,
                )
                return found["ShardIterator"]
            except self._aws.streams.exceptions.TrimmedDataAccessException:
                start = "TRIM_HORIZON"
        found = await self._calls(get, StreamArn=self._arn, ShardId=shard, ShardIteratorType=start)
        return found["ShardIterator"]
