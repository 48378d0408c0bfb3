"""Notifies a mapping's OnFailure queue of discarded records: their positions in the stream, not their content.

https://docs.aws.amazon.com/lambda/latest/dg/services-dynamodb-errors.html
"""

import json
import logging
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from local.aws import Aws
from local.mappings.polling import AWS_ERRORS, Calls
from local.mappings.stream_record import Record, created_at, sequence_number

logger = logging.getLogger(__name__)

Condition = Literal["RetryAttemptsExhausted", "RecordAgeExceeded"]


@dataclass(frozen=True)
class OnFailure:
    """Without a queue, only logs."""

    function: str
    stream_arn: str
    queue_url: str | None
    aws: Aws
    calls: Calls

    async def notify(self, shard: str, records: Sequence[Record], condition: Condition, failures: int) -> None:
        logger.error("%s: %d records discarded: %s", self.function, len(records), condition)
        if self.queue_url is None:
            return
        try:
            body = json.dumps(self._message(shard, records, condition, failures))
            await self.calls(self.aws.sqs.send_message, QueueUrl=self.queue_url, MessageBody=body)
        except AWS_ERRORS as error:
            logger.error("%s: its OnFailure queue was not notified: %s", self.function, type(error).__name__)  # noqa: TRY400 - the trace adds nothing

    def _message(self, shard: str, records: Sequence[Record], condition: Condition, failures: int) -> dict[str, object]:
        first, last = records[0], records[-1]
        return {
            "requestContext": {
                "requestId": str(uuid.uuid4()),
                "functionArn": self.function,
                "condition": condition,
                "approximateInvokeCount": failures,
            },
            "version": "1.0",
            "timestamp": _iso(datetime.now(UTC).timestamp()),
            "DDBStreamBatchInfo": {
                "shardId": shard,
                "startSequenceNumber": sequence_number(first),
                "endSequenceNumber": sequence_number(last),
                "approximateArrivalOfFirstRecord": _iso(created_at(first)),
                "approximateArrivalOfLastRecord": _iso(created_at(last)),
                "batchSize": len(records),
                "streamArn": self.stream_arn,
            },
        }


def _iso(timestamp: float) -> str:
    return datetime.fromtimestamp(timestamp, UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
