"""Small stacks for the tests: a template as text, its resources in the emulator, and the test's own handlers."""

import asyncio
import textwrap
import uuid
from collections.abc import Callable
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from local.aws import Aws
from local.invocation import Handler, LocalFunction
from local.mappings import running_mappings
from local.resources import create_resources
from local.template import Template, read_template


def write_template(folder: Path, text: str, stack: str = "test") -> Template:
    file = folder / "template.yaml"
    file.write_text(textwrap.dedent(text), encoding="utf-8")
    return read_template(file, stack)


@dataclass
class Stack:
    aws: Aws
    functions: list[LocalFunction]
    names: dict[str, str]
    checkpoints: Path

    @classmethod
    def of(cls, folder: Path, aws: Aws, template: str, handler: Handler) -> "Stack":
        """All functions of the template get the same handler. No other stack has its resource names."""
        parsed = write_template(folder, template, f"t{uuid.uuid4().hex[:12]}")
        names = create_resources(parsed, aws)
        functions = [LocalFunction(function, handler) for function in parsed.functions]
        return cls(aws, functions, names, folder / "checkpoints.json")

    def running(self, seconds_to_stop: float = 5, max_wait_seconds: float = 5) -> AbstractAsyncContextManager[None]:
        return running_mappings(
            self.functions,
            self.names,
            self.aws,
            self.checkpoints,
            seconds_to_stop,
            max_wait_seconds=max_wait_seconds,
        )

    def send(self, group: str, body: str) -> None:
        self.aws.sqs.send_message(
            QueueUrl=self.names["Jobs"],
            MessageBody=body,
            MessageGroupId=group,
            MessageDeduplicationId=uuid.uuid4().hex,
        )

    def messages_in(self, queue: str) -> int:
        """Waiting and in flight."""
        attributes = self.aws.sqs.get_queue_attributes(QueueUrl=self.names[queue], AttributeNames=["All"])["Attributes"]
        waiting, in_flight = (
            attributes["ApproximateNumberOfMessages"],
            attributes["ApproximateNumberOfMessagesNotVisible"],
        )
        return int(waiting) + int(in_flight)

    def put(self, key: int, **texts: str) -> None:
        item: Any = {"id": {"N": str(key)}, **{name: {"S": text} for name, text in texts.items()}}
        self.aws.dynamodb.put_item(TableName=self.names["Things"], Item=item)


async def until(condition: Callable[[], object], seconds: float = 60) -> None:
    """Polls, because the conditions here change in another thread or process."""
    async with asyncio.timeout(seconds):
        while not condition():  # noqa: ASYNC110 - no event of this loop can be set from there
            await asyncio.sleep(0.02)
