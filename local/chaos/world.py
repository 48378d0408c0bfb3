"""The running stack as tests and storms see it: the servers, the tables and the queue of the running stack."""

import asyncio
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from boto3.dynamodb.types import TypeDeserializer

from local.amplitude import Amplitude
from local.aws import Aws
from local.chaos.fault_plan import FaultPlan
from local.chaos.pace import stretched
from local.emulator import Emulator
from local.llm import OfflineModel
from local.simulator import Simulator

Row = dict[str, Any]


@dataclass
class World:
    url: str
    simulator: Simulator
    model: OfflineModel
    amplitude: Amplitude
    aws: Aws
    names: dict[str, str]
    faults: FaultPlan
    secret: str
    emulator: Emulator
    folder: Path
    slowness: float
    spawned: Counter[str] = field(default_factory=Counter)
    _invocations: dict[str, asyncio.Event] = field(default_factory=lambda: defaultdict(asyncio.Event))

    def stretched(self, seconds: float) -> int:
        """A time limit in whole seconds, longer where the machine is slow or busy."""
        return stretched(seconds, self.slowness)

    def invocation(self, chat_id: int) -> asyncio.Event:
        """Is set when the next invocation with a job of the chat has ended."""
        return self._invocations[str(chat_id)]

    def note_end(self, chats: frozenset[str]) -> None:
        for chat in chats:
            self._invocations.pop(chat, asyncio.Event()).set()

    def turn(self, chat_id: int, message_id: int) -> Row:
        """The turn's row, or {} if the table has no such row."""
        key = {"chat_id": {"N": str(chat_id)}, "message_id": {"N": str(message_id)}}
        found = self.aws.dynamodb.get_item(TableName=self.names["TurnsTable"], Key=key, ConsistentRead=True)
        return _plain(found.get("Item", {}))

    def turns(self) -> list[Row]:
        """Every row of the turns table."""
        pages = self.aws.dynamodb.get_paginator("scan").paginate(
            TableName=self.names["TurnsTable"], ConsistentRead=True
        )
        return [_plain(item) for page in pages for item in page["Items"]]

    def make_regular(self, person_id: int) -> None:
        """Gives a person an allowance without limits, and has them registered for long."""
        self.aws.dynamodb.update_item(
            TableName=self.names["UsersTable"],
            Key={"user_id": {"N": str(person_id)}},
            UpdateExpression="SET messages_per_day = :none, dollars_per_day = :none, registered_at = :long_ago",
            ExpressionAttributeValues={":none": {"N": "0"}, ":long_ago": {"N": "1"}},
        )

    def spending(self) -> list[Row]:
        """Every row of the spending table."""
        pages = self.aws.dynamodb.get_paginator("scan").paginate(
            TableName=self.names["SpendingTable"], ConsistentRead=True
        )
        return [_plain(item) for page in pages for item in page["Items"]]

    def queue(self, chat_id: int, message_id: int, key: str) -> None:
        """Queues a second job for a turn, past the queue's deduplication."""
        job = {"version": 1, "kind": "answer", "chat_id": chat_id, "message_id": message_id, "update_id": 0}
        self.aws.sqs.send_message(
            QueueUrl=self.names["ReplyQueue"],
            MessageBody=json.dumps(job),
            MessageGroupId=str(chat_id),
            MessageDeduplicationId=key,
        )

    def jobs_left(self) -> int:
        """Jobs on the queue, visible or in flight."""
        found = self.aws.sqs.get_queue_attributes(QueueUrl=self.names["ReplyQueue"], AttributeNames=["All"])
        count = found["Attributes"]
        return int(count["ApproximateNumberOfMessages"]) + int(count["ApproximateNumberOfMessagesNotVisible"])

    async def restart_emulator(self) -> None:
        """Restarts on the same port with the same data."""
        port = urlsplit(self.emulator.endpoint_url).port or 0
        await asyncio.to_thread(self.emulator.stop)
        start = Emulator.start
        self.emulator = await asyncio.to_thread(start, self.folder / "emulator.log", self.folder / "aws", port)


def _plain(item: Mapping[str, Any]) -> Row:
    read = TypeDeserializer().deserialize
    return {name: read(value) for name, value in item.items()}
