"""The emulator stops and starts again while pollers run."""

import logging
from pathlib import Path

import pytest
from botocore.exceptions import EndpointConnectionError

from local.aws import Aws
from local.emulator import Emulator
from local.mappings.polling import Outage, Stopping
from tests.local.stack import Stack, until

TEMPLATE = """
    Resources:
      Jobs:
        Type: AWS::SQS::Queue
        Properties: {FifoQueue: true}
      Things:
        Type: AWS::DynamoDB::Table
        Properties:
          AttributeDefinitions: [{AttributeName: id, AttributeType: N}]
          KeySchema: [{AttributeName: id, KeyType: HASH}]
          StreamSpecification: {StreamViewType: NEW_AND_OLD_IMAGES}
      Work:
        Type: AWS::Serverless::Function
        Properties:
          Handler: work.handler
          Events:
            Jobs: {Type: SQS, Properties: {Queue: !GetAtt Jobs.Arn}}
            Things: {Type: DynamoDB, Properties: {Stream: !GetAtt Things.StreamArn, StartingPosition: TRIM_HORIZON}}
    """


async def test_an_outage_of_any_length_is_two_log_lines(caplog: pytest.LogCaptureFixture) -> None:
    stopping = Stopping()
    outage = Outage("Jobs", stopping)
    for _ in range(3):
        outage.over()
    await outage.wait(EndpointConnectionError(endpoint_url="http://127.0.0.1:1"))
    await outage.wait(EndpointConnectionError(endpoint_url="http://127.0.0.1:1"))
    outage.over()
    outage.over()
    assert caplog.messages == [
        "Jobs can't be read (EndpointConnectionError); trying again until it can",
        "Jobs can be read again",
    ]


async def test_pollers_survive_an_outage_and_log_it_once(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.WARNING, "local")
    seen: list[str] = []

    def handle(event: dict[str, list[dict[str, str]]], _context: object) -> None:
        seen.extend(record["eventSource"] for record in event["Records"])

    log, data = tmp_path / "log", tmp_path / "data"
    first = Emulator.start(log, data)
    try:
        aws = Aws.at(first.endpoint_url)
        stack = Stack.of(tmp_path, aws, TEMPLATE, handle)
        async with stack.running():
            first.stop()
            await until(lambda: len(caplog.messages) >= 2)
            with Emulator.start(log, data, port=int(first.endpoint_url.rpartition(":")[2])):
                stack.send("A", "a")
                stack.put(1)
                await until(lambda: {"aws:sqs", "aws:dynamodb"} <= set(seen))
    finally:
        first.stop()
    assert sorted(message.split("(")[0] for message in caplog.messages) == [
        "Jobs can be read again",
        "Jobs can't be read ",
        "The stream of Things can be read again",
        "The stream of Things can't be read ",
    ]
