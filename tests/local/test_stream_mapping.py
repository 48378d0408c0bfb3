"""The mapping of a table's stream, against the real emulator."""

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from local.aws import Aws
from tests.local.stack import Stack, until

Event = dict[str, Any]


def template(**properties: Any) -> str:
    settings = {
        "StartingPosition": "TRIM_HORIZON",
        "BatchSize": 100,
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        **properties,
    }
    return f"""
        Resources:
          Things:
            Type: AWS::DynamoDB::Table
            Properties:
              AttributeDefinitions: [{{AttributeName: id, AttributeType: N}}]
              KeySchema: [{{AttributeName: id, KeyType: HASH}}]
              StreamSpecification: {{StreamViewType: NEW_AND_OLD_IMAGES}}
          GivenUp: {{Type: AWS::SQS::Queue}}
          Watch:
            Type: AWS::Serverless::Function
            Properties:
              Handler: watch.handler
              Events:
                Things:
                  Type: DynamoDB
                  Properties: {{Stream: !GetAtt Things.StreamArn, {json.dumps(settings)[1:-1]}}}
        """


def keys(event: Event) -> list[int]:
    return [int(record["dynamodb"]["Keys"]["id"]["N"]) for record in event["Records"]]


class Watch:
    """A handler that records its batches, then runs the test's function."""

    def __init__(self, answer: Callable[[Event], object] = lambda _event: None) -> None:
        self.events: list[Event] = []
        self._answer = answer

    @property
    def batches(self) -> list[list[int]]:
        return [keys(event) for event in self.events]

    def handle(self, event: Event, _context: object) -> object:
        self.events.append(event)
        return self._answer(event)


async def test_changes_arrive_in_order_with_old_and_new_image(tmp_path: Path, aws: Aws) -> None:
    watch = Watch()
    stack = Stack.of(tmp_path, aws, template(), watch.handle)
    stack.put(1, text="one")
    stack.put(1, text="two")
    aws.dynamodb.delete_item(TableName=stack.names["Things"], Key={"id": {"N": "1"}})
    async with stack.running():
        await until(lambda: watch.events)
    (event,) = watch.events
    changes = [
        (
            record["eventName"],
            record["dynamodb"].get("OldImage", {}).get("text"),
            record["dynamodb"].get("NewImage", {}).get("text"),
        )
        for record in event["Records"]
    ]
    assert changes == [
        ("INSERT", None, {"S": "one"}),
        ("MODIFY", {"S": "one"}, {"S": "two"}),
        ("REMOVE", {"S": "two"}, None),
    ]


async def test_the_event_has_lambdas_shape(tmp_path: Path, aws: Aws) -> None:
    watch = Watch()
    stack = Stack.of(tmp_path, aws, template(), watch.handle)
    item: Any = {
        "id": {"N": "7"},
        "raw": {"B": b"\x00\xff"},
        "raws": {"BS": [b"\x01"]},
        "deep": {"M": {"list": {"L": [{"BOOL": True}, {"NULL": True}]}}},
    }
    aws.dynamodb.put_item(TableName=stack.names["Things"], Item=item)
    async with stack.running():
        await until(lambda: watch.events)
    (record,) = watch.events[0]["Records"]
    change = record.pop("dynamodb")
    assert record.pop("eventID")
    assert record == {
        "eventName": "INSERT",
        "eventVersion": "1.1",
        "eventSource": "aws:dynamodb",
        "awsRegion": "us-east-1",
        "eventSourceARN": stack.names["Things.StreamArn"],
    }
    assert isinstance(change.pop("ApproximateCreationDateTime"), float)
    assert change.pop("SequenceNumber").isdecimal()
    assert isinstance(change.pop("SizeBytes"), int)
    assert change == {
        "Keys": {"id": {"N": "7"}},
        "NewImage": {
            "id": {"N": "7"},
            "raw": {"B": "AP8="},
            "raws": {"BS": ["AQ=="]},
            "deep": {"M": {"list": {"L": [{"BOOL": True}, {"NULL": True}]}}},
        },
        "StreamViewType": "NEW_AND_OLD_IMAGES",
    }


async def test_a_reported_failure_is_tried_again_from_that_record_on(tmp_path: Path, aws: Aws) -> None:
    def third_fails_once(event: Event) -> object:
        if len(watch.events) > 1:
            return None
        return {"batchItemFailures": [{"itemIdentifier": event["Records"][2]["dynamodb"]["SequenceNumber"]}]}

    watch = Watch(third_fails_once)
    stack = Stack.of(tmp_path, aws, template(), watch.handle)
    for key in range(1, 5):
        stack.put(key)
    async with stack.running():
        await until(lambda: len(watch.events) == 2)
    assert watch.batches == [[1, 2, 3, 4], [3, 4]]


async def test_a_batch_that_raises_is_tried_again_before_any_later_one(tmp_path: Path, aws: Aws) -> None:
    def first_fails_twice(_event: Event) -> None:
        if len(watch.events) < 3:
            raise RuntimeError

    watch = Watch(first_fails_twice)
    stack = Stack.of(tmp_path, aws, template(BatchSize=2), watch.handle)
    for key in range(1, 5):
        stack.put(key)
    async with stack.running():
        await until(lambda: len(watch.events) == 4)
    assert watch.batches == [[1, 2], [1, 2], [1, 2], [3, 4]]


async def test_bisecting_isolates_the_failing_record(tmp_path: Path, aws: Aws) -> None:
    taken: list[int] = []

    def poisoned(event: Event) -> None:
        if 3 in keys(event):
            raise RuntimeError
        taken.extend(keys(event))

    watch = Watch(poisoned)
    properties = {"BisectBatchOnFunctionError": True, "MaximumRetryAttempts": 1}
    stack = Stack.of(tmp_path, aws, template(**properties), watch.handle)
    for key in range(1, 7):
        stack.put(key)
    async with stack.running():
        await until(lambda: 6 in taken)
    assert taken == [1, 2, 4, 5, 6]
    assert watch.batches.count([3]) == 2


async def test_a_record_is_discarded_after_its_retries_and_the_stream_goes_on(tmp_path: Path, aws: Aws) -> None:
    def poisoned(event: Event) -> None:
        if 1 in keys(event):
            raise RuntimeError

    watch = Watch(poisoned)
    told = {"DestinationConfig": {"OnFailure": {"Type": "SQS", "Destination": {"Fn::GetAtt": ["GivenUp", "Arn"]}}}}
    stack = Stack.of(tmp_path, aws, template(BatchSize=1, MaximumRetryAttempts=2, **told), watch.handle)
    stack.put(1, text="canary")
    stack.put(2)
    async with stack.running():
        await until(lambda: [2] in watch.batches)
    assert watch.batches == [[1], [1], [1], [2]]
    (message,) = aws.sqs.receive_message(QueueUrl=stack.names["GivenUp"], MaxNumberOfMessages=10)["Messages"]
    assert "canary" not in message["Body"]
    notice = json.loads(message["Body"])
    assert notice["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert notice["requestContext"]["approximateInvokeCount"] == 3
    batch = notice["DDBStreamBatchInfo"]
    number = watch.events[0]["Records"][0]["dynamodb"]["SequenceNumber"]
    assert (batch["startSequenceNumber"], batch["endSequenceNumber"], batch["batchSize"]) == (number, number, 1)
    assert batch["streamArn"] == stack.names["Things.StreamArn"]


async def test_a_record_is_discarded_when_it_is_too_old(tmp_path: Path, aws: Aws) -> None:
    def poisoned(event: Event) -> None:
        if 1 in keys(event):
            raise RuntimeError

    watch = Watch(poisoned)
    stack = Stack.of(tmp_path, aws, template(BatchSize=1, MaximumRecordAgeInSeconds=0), watch.handle)
    stack.put(1)
    stack.put(2)
    async with stack.running():
        await until(lambda: [2] in watch.batches)


async def test_reading_resumes_from_the_checkpoint_after_a_restart(tmp_path: Path, aws: Aws) -> None:
    watch = Watch()
    stack = Stack.of(tmp_path, aws, template(), watch.handle)
    stack.put(1)
    async with stack.running():
        await until(lambda: watch.events)
    stack.put(2)
    async with stack.running():
        await until(lambda: len(watch.events) == 2)
    assert watch.batches == [[1], [2]]


async def test_records_in_flight_at_the_stop_are_delivered_again(tmp_path: Path, aws: Aws) -> None:
    release = threading.Event()

    def first_hangs(_event: Event) -> None:
        if len(watch.events) == 1:
            release.wait(20)

    watch = Watch(first_hangs)
    stack = Stack.of(tmp_path, aws, template(), watch.handle)
    stack.put(1)
    async with stack.running(seconds_to_stop=0.2):
        await until(lambda: watch.events)
    release.set()
    async with stack.running():
        await until(lambda: len(watch.events) == 2)
    assert watch.batches == [[1], [1]]


async def test_records_before_the_failed_one_are_not_delivered_again(tmp_path: Path, aws: Aws) -> None:
    def third_fails(event: Event) -> object:
        third = [r["dynamodb"]["SequenceNumber"] for r in event["Records"] if r["dynamodb"]["Keys"]["id"] == {"N": "3"}]
        return {"batchItemFailures": [{"itemIdentifier": number} for number in third]}

    watch = Watch(third_fails)
    stack = Stack.of(tmp_path, aws, template(), watch.handle)
    for key in range(1, 5):
        stack.put(key)
    async with stack.running():
        await until(lambda: len(watch.events) > 1)
        before = len(watch.events)
    assert len(watch.events) <= before + 1
    watch.events.clear()
    async with stack.running():
        await until(lambda: watch.events)
    assert watch.batches[0] == [3, 4]


@pytest.mark.parametrize("content", ["", "[]", '{"x": '])
async def test_a_damaged_checkpoint_file_skips_no_record(tmp_path: Path, aws: Aws, content: str) -> None:
    watch = Watch()
    stack = Stack.of(tmp_path, aws, template(), watch.handle)
    stack.checkpoints.write_text(content)
    stack.put(1)
    async with stack.running():
        await until(lambda: watch.events)
    assert watch.batches == [[1]]
