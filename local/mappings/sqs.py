"""Polls an SQS queue for a function, as Lambda's event source mapping does."""

import asyncio
import base64
import logging
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from local.aws import Aws
from local.emulator import REGION
from local.invocation import InvocationError, LocalFunction
from local.mappings.batch_response import MalformedBatchResponseError, failed_identifiers
from local.mappings.polling import AWS_ERRORS, Calls, Outage, Stopping
from local.template import QueueMapping

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

logger = logging.getLogger(__name__)

# A stop waits for the current poll. Without that, a message that it receives would stay hidden for minutes.
LONG_POLL_SECONDS = 1
MAX_RECEIVE = 10
DEFAULT_CONCURRENCY = 10


class QueuePoller:
    """One receiver, and up to `MaximumConcurrency` invocations at once.

    The queue keeps the order of a FIFO group: it delivers no more of a group while some of its messages are in flight.
    Messages that the function does not report as failed are deleted. A failed message comes back after the visibility
    timeout of the queue, or of the handler, and goes to the dead-letter queue after `maxReceiveCount` receives.
    """

    def __init__(
        self, mapping: QueueMapping, function: LocalFunction, *, url: str, arn: str, aws: Aws, calls: Calls
    ) -> None:
        self._mapping = mapping
        self._url = url
        self._arn = arn
        self._function = function
        self._aws = aws
        self._calls = calls
        self._stopping = Stopping()
        self._outage = Outage(mapping.queue, self._stopping)
        self._slots = asyncio.Semaphore(mapping.maximum_concurrency or DEFAULT_CONCURRENCY)
        self._working: set[asyncio.Task[None]] = set()

    async def run(self) -> None:
        """Runs until stopped, and finishes the invocations in flight."""
        while True:
            await self._slots.acquire()
            if self._stopping:
                break
            messages = await self._receive()
            if not messages:
                self._slots.release()
                continue
            task = asyncio.create_task(self._give_back(messages) if self._stopping else self._work(messages))
            self._working.add(task)
            task.add_done_callback(self._finished)
        await asyncio.gather(*self._working, return_exceptions=True)

    def stop(self) -> None:
        self._stopping.set()
        self._slots.release()  # wakes the receiver if it waits for a free slot

    def _finished(self, task: "asyncio.Task[None]") -> None:
        self._working.discard(task)
        self._slots.release()
        if not task.cancelled() and task.exception() is not None:
            logger.error(
                "%s: an error of the poller failed a batch, which comes back",
                self._mapping.queue,
                exc_info=task.exception(),
            )

    async def _receive(self) -> "Sequence[MessageTypeDef]":
        try:
            received = await self._calls(
                self._aws.sqs.receive_message,
                QueueUrl=self._url,
                MaxNumberOfMessages=min(self._mapping.batch_size, MAX_RECEIVE),
                WaitTimeSeconds=LONG_POLL_SECONDS,
                MessageSystemAttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
        except AWS_ERRORS as error:
            await self._outage.wait(error)
            return []
        self._outage.over()
        return received.get("Messages", [])

    async def _work(self, messages: "Sequence[MessageTypeDef]") -> None:
        failed = await self._failed(messages)
        if failed:
            logger.warning(
                "%s: %d of %d messages failed and come back", self._mapping.queue, len(failed), len(messages)
            )
        done = [message for message in messages if message["MessageId"] not in failed]
        if not done:
            return
        entries = [{"Id": str(n), "ReceiptHandle": message["ReceiptHandle"]} for n, message in enumerate(done)]
        try:
            # SQS reports messages that the handler has deleted as failed, which is harmless.
            await self._calls(self._aws.sqs.delete_message_batch, QueueUrl=self._url, Entries=entries)  # type: ignore[arg-type]  # a plain dict is its TypedDict
        except AWS_ERRORS as error:
            logger.warning("%s: %d messages come back: %s", self._mapping.queue, len(done), type(error).__name__)

    async def _failed(self, messages: "Sequence[MessageTypeDef]") -> set[str]:
        ids = [message["MessageId"] for message in messages]
        try:
            answer = await self._function.invoke({"Records": [_record(message, self._arn) for message in messages]})
            return failed_identifiers(answer, ids) if self._mapping.reports_batch_item_failures else set()
        except InvocationError:
            return set(ids)
        except MalformedBatchResponseError:
            logger.error("%s answered no valid batch response", self._function.function.logical_id)  # noqa: TRY400 - the trace adds nothing
            return set(ids)

    async def _give_back(self, messages: "Sequence[MessageTypeDef]") -> None:
        entries = [
            {"Id": str(n), "ReceiptHandle": message["ReceiptHandle"], "VisibilityTimeout": 0}
            for n, message in enumerate(messages)
        ]
        try:
            await self._calls(self._aws.sqs.change_message_visibility_batch, QueueUrl=self._url, Entries=entries)  # type: ignore[arg-type]  # a plain dict is its TypedDict
        except AWS_ERRORS as error:
            logger.warning(
                "%s: %d messages come back late: %s", self._mapping.queue, len(messages), type(error).__name__
            )


def _record(message: "MessageTypeDef", arn: str) -> dict[str, Any]:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message.get("Attributes", {}),
        "messageAttributes": {
            name: {
                **({"stringValue": value["StringValue"]} if "StringValue" in value else {}),
                **({"binaryValue": base64.b64encode(value["BinaryValue"]).decode()} if "BinaryValue" in value else {}),
                "stringListValues": [],
                "binaryListValues": [],
                "dataType": value["DataType"],
            }
            for name, value in message.get("MessageAttributes", {}).items()
        },
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": REGION,
    }
