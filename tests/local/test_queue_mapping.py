"""The mapping of a FIFO queue, against the real emulator."""

import asyncio
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from local.aws import Aws
from local.mappings.sqs import LONG_POLL_SECONDS
from tests.local.stack import Stack, until

Event = dict[str, Any]


def template(batch_size: int = 10, visibility: int = 1, receives: int = 20, timeout: int = 20) -> str:
    return f"""
        Resources:
          Jobs:
            Type: AWS::SQS::Queue
            Properties:
              FifoQueue: true
              VisibilityTimeout: {visibility}
              RedrivePolicy: {{deadLetterTargetArn: !GetAtt Dead.Arn, maxReceiveCount: {receives}}}
          Dead:
            Type: AWS::SQS::Queue
            Properties: {{FifoQueue: true}}
          Work:
            Type: AWS::Serverless::Function
            Properties:
              Handler: work.handler
              Timeout: {timeout}
              Events:
                Jobs:
                  Type: SQS
                  Properties:
                    Queue: !GetAtt Jobs.Arn
                    BatchSize: {batch_size}
                    FunctionResponseTypes: [ReportBatchItemFailures]
        """


class Work:
    """A handler that records its messages and fails those that a test names."""

    def __init__(self) -> None:
        self.events: list[Event] = []
        self.handled: list[str] = []

    @property
    def seen(self) -> list[str]:
        return [record["body"] for event in self.events for record in event["Records"]]

    def handle(self, event: Event, _context: object) -> object:
        self.events.append(event)
        failures = []
        for record in event["Records"]:
            if self.takes(record):
                self.handled.append(record["body"])
            else:
                failures.append({"itemIdentifier": record["messageId"]})
        return {"batchItemFailures": failures}

    def takes(self, record: Event) -> bool:
        return "bad" not in record["body"]


def receives(record: Event) -> int:
    return int(record["attributes"]["ApproximateReceiveCount"])


async def test_a_busy_chat_does_not_delay_another(tmp_path: Path, aws: Aws) -> None:
    release = threading.Event()

    class Busy(Work):
        def takes(self, record: Event) -> bool:
            return record["body"] != "from A" or release.wait(20)

    work = Busy()
    stack = Stack.of(tmp_path, aws, template(), work.handle)
    async with stack.running():
        stack.send("A", "from A")
        await until(lambda: "from A" in work.seen)
        stack.send("B", "from B")
        await until(lambda: "from B" in work.handled)
        assert "from A" not in work.handled
        release.set()
        await until(lambda: stack.messages_in("Jobs") == 0)


async def test_a_chats_order_is_kept_after_a_failure(tmp_path: Path, aws: Aws) -> None:
    class FailsOnce(Work):
        def takes(self, record: Event) -> bool:
            return record["body"] != "1" or receives(record) > 1

    work = FailsOnce()
    stack = Stack.of(tmp_path, aws, template(batch_size=1), work.handle)
    async with stack.running():
        for body in ("1", "2", "3"):
            stack.send("A", body)
        await until(lambda: stack.messages_in("Jobs") == 0)
    assert work.seen == ["1", "1", "2", "3"]


async def test_only_the_messages_reported_as_failed_come_back(tmp_path: Path, aws: Aws) -> None:
    class FailsOnce(Work):
        def takes(self, record: Event) -> bool:
            return "bad" not in record["body"] or receives(record) > 1

    work = FailsOnce()
    stack = Stack.of(tmp_path, aws, template(), work.handle)
    for body in ("good 1", "bad", "good 2"):
        stack.send(body, body)
    async with stack.running():
        await until(lambda: stack.messages_in("Jobs") == 0)
    assert [len(event["Records"]) for event in work.events] == [3, 1]
    assert Counter(work.seen) == {"good 1": 1, "good 2": 1, "bad": 2}
    assert receives(work.events[1]["Records"][0]) == 2


@pytest.mark.parametrize(
    "answer",
    [{"batchItemFailures": [{"itemIdentifier": "no such message"}]}, RuntimeError("broken"), {1, 2}],
    ids=["unknown id", "an exception", "no json"],
)
async def test_an_unreadable_answer_fails_the_whole_batch(tmp_path: Path, aws: Aws, answer: object) -> None:
    attempts: list[Counter[str]] = []

    def handle(event: Event, _context: object) -> object:
        attempts.append(Counter(record["body"] for record in event["Records"]))
        if len(attempts) > 1:
            return None
        if isinstance(answer, Exception):
            raise answer
        return answer

    stack = Stack.of(tmp_path, aws, template(), handle)
    stack.send("A", "a")
    stack.send("B", "b")
    async with stack.running():
        await until(lambda: stack.messages_in("Jobs") == 0)
    assert attempts[0] == {"a": 1, "b": 1}
    assert sum(attempts[1:], Counter()) == {"a": 1, "b": 1}


async def test_a_poison_message_goes_to_the_dead_letter_queue_and_frees_its_chat(tmp_path: Path, aws: Aws) -> None:
    work = Work()
    stack = Stack.of(tmp_path, aws, template(batch_size=1, receives=2), work.handle)
    async with stack.running():
        stack.send("A", "bad")
        stack.send("A", "after")
        await until(lambda: "after" in work.handled)
        await until(lambda: stack.messages_in("Dead") == 1)
    assert work.seen == ["bad", "bad", "after"]


async def test_a_timeout_counts_as_a_failure(tmp_path: Path, aws: Aws) -> None:
    release = threading.Event()
    attempts: list[int] = []

    def handle(event: Event, _context: object) -> None:
        attempts.append(receives(event["Records"][0]))
        if len(attempts) == 1:
            release.wait(20)

    stack = Stack.of(tmp_path, aws, template(timeout=1, visibility=2), handle)
    async with stack.running():
        stack.send("A", "slow")
        await until(lambda: stack.messages_in("Jobs") == 0)
    release.set()
    assert attempts == [1, 2]


async def test_a_handler_may_delete_and_postpone_messages_itself(tmp_path: Path, aws: Aws) -> None:
    class OwnAccounts(Work):
        def takes(self, record: Event) -> bool:
            if record["body"] == "delete":
                aws.sqs.delete_message(QueueUrl=stack.names["Jobs"], ReceiptHandle=record["receiptHandle"])
                return True
            if receives(record) > 1:
                return True
            aws.sqs.change_message_visibility(
                QueueUrl=stack.names["Jobs"], ReceiptHandle=record["receiptHandle"], VisibilityTimeout=0
            )
            return False

    work = OwnAccounts()
    stack = Stack.of(tmp_path, aws, template(visibility=600), work.handle)
    stack.send("A", "delete")
    stack.send("B", "again at once")
    async with stack.running():
        await until(lambda: stack.messages_in("Jobs") == 0)
    assert Counter(work.seen) == {"delete": 1, "again at once": 2}


async def test_the_event_has_lambdas_shape(tmp_path: Path, aws: Aws) -> None:
    work = Work()
    stack = Stack.of(tmp_path, aws, template(), work.handle)
    sent = aws.sqs.send_message(
        QueueUrl=stack.names["Jobs"],
        MessageBody="Привет",
        MessageGroupId="A",
        MessageDeduplicationId="update 7",
        MessageAttributes={
            "kind": {"DataType": "String", "StringValue": "text"},
            "raw": {"DataType": "Binary", "BinaryValue": b"\x00\xff"},
        },
    )
    async with stack.running():
        await until(lambda: work.events)
    (record,) = work.events[0]["Records"]
    attributes = record.pop("attributes")
    assert record.pop("receiptHandle")
    assert record == {
        "messageId": sent["MessageId"],
        "body": "Привет",
        "messageAttributes": {
            "kind": {"stringValue": "text", "stringListValues": [], "binaryListValues": [], "dataType": "String"},
            "raw": {"binaryValue": "AP8=", "stringListValues": [], "binaryListValues": [], "dataType": "Binary"},
        },
        "md5OfBody": sent["MD5OfMessageBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": stack.names["Jobs.Arn"],
        "awsRegion": "us-east-1",
    }
    assert attributes["MessageGroupId"] == "A"
    assert attributes["MessageDeduplicationId"] == "update 7"
    assert attributes["ApproximateReceiveCount"] == "1"
    assert {"SentTimestamp", "SequenceNumber", "SenderId", "ApproximateFirstReceiveTimestamp"} < set(attributes)


async def test_a_stop_finishes_the_invocations_in_flight(tmp_path: Path, aws: Aws) -> None:
    started, release = threading.Event(), threading.Event()

    def handle(_event: Event, _context: object) -> None:
        started.set()
        threading.Timer(LONG_POLL_SECONDS + 0.3, release.set).start()
        release.wait(20)

    stack = Stack.of(tmp_path, aws, template(visibility=600), handle)
    async with stack.running():
        stack.send("A", "a")
        await until(started.is_set)
    assert stack.messages_in("Jobs") == 0


async def test_a_stop_does_not_wait_for_ever_and_loses_nothing(tmp_path: Path, aws: Aws) -> None:
    started, release = threading.Event(), threading.Event()

    def handle(_event: Event, _context: object) -> None:
        started.set()
        release.wait(20)

    stack = Stack.of(tmp_path, aws, template(visibility=600), handle)
    async with stack.running(seconds_to_stop=0.5):
        stack.send("A", "a")
        await until(started.is_set)
        stopped_at = time.monotonic()
    assert time.monotonic() - stopped_at < 3
    release.set()
    assert stack.messages_in("Jobs") == 1


async def test_a_message_that_arrives_during_the_stop_is_given_back(tmp_path: Path, aws: Aws) -> None:
    work = Work()
    stack = Stack.of(tmp_path, aws, template(visibility=600), work.handle)

    async def send_once_the_stop_has_begun() -> None:
        stack.send("A", "late")

    async with stack.running():
        await asyncio.sleep(0)  # the poller's first long poll begins
        late = asyncio.create_task(send_once_the_stop_has_begun())
    await late
    received = aws.sqs.receive_message(QueueUrl=stack.names["Jobs"], WaitTimeSeconds=1)
    assert [message["Body"] for message in received["Messages"]] == ["late"]
    assert work.seen == []
