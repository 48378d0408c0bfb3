"""Functions at work in processes of their own, out of their packages, and turns that are led through them."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from bench.backstage import Backstage
from bench.packages import Packages
from bench.starts import SUBJECTS
from local.simulator import User

Event = dict[str, Any]
# What a worker notes of its calls of AWS: when they were, or what they took as well, which takes time of its own.
Watching = Literal["time", "count"]
LONGEST_LINE = 16 * 2**20
MOST_IN_BATCH = 10

message_ids = itertools.count(1_000)
people = itertools.count(900_001)


@dataclass(frozen=True)
class Invocation:
    """`calls` of AWS, if they were watched: service, operation, began, ended, bytes sent, units."""

    answer: Any
    cpu_s: float
    began: float
    wall_s: float
    log_bytes: int
    calls: list[tuple[str, str, float, float, int, float]]


class Worker:
    """One execution environment of a function."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self._process = process

    @property
    def pid(self) -> int:
        return self._process.pid

    @property
    def peak_mb(self) -> float:
        """The kernel's mark; 0 where it keeps none in sight."""
        status = Path(f"/proc/{self.pid}/status")
        lines = status.read_text(encoding="ascii").splitlines() if status.exists() else []
        return next((int(line.split()[1]) / 1024 for line in lines if line.startswith("VmHWM")), 0)

    async def invoke(self, event: Event) -> Invocation:
        """:raises RuntimeError: the worker died over it; its own words are on this program's stderr"""
        if self._process.stdin is None or self._process.stdout is None:
            raise RuntimeError("a worker without pipes")
        self._process.stdin.write(json.dumps(event).encode() + b"\n")
        line = await self._process.stdout.readline()
        if not line:
            raise RuntimeError("a worker died")
        did = json.loads(line)
        return Invocation(**did | {"calls": [tuple(call) for call in did["calls"]]})


@asynccontextmanager
async def worker(
    packages: Packages, function: str, variables: Mapping[str, str], *, watching: Watching | None = None
) -> AsyncIterator[Worker]:
    command = ["-IS", str(SUBJECTS / "work.py"), str(packages.ours[function]), f"functions.{function}.app"]
    process = await asyncio.create_subprocess_exec(
        packages.python,
        *command,
        *([watching] if watching else []),
        env={**variables, "POWERTOOLS_SERVICE_NAME": "troupe", "POWERTOOLS_METRICS_NAMESPACE": "Troupe"},
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        limit=LONGEST_LINE,
    )
    try:
        yield Worker(process)
    finally:
        process.kill()
        await process.wait()


@dataclass
class Troupe:
    """Webhook and reply function, with a queue between them that is read when we say so."""

    backstage: Backstage
    webhook: Worker
    reply: Worker

    @classmethod
    @asynccontextmanager
    async def playing(
        cls, packages: Packages, backstage: Backstage, *, watching: Watching | None = None
    ) -> "AsyncIterator[Troupe]":
        async with AsyncExitStack() as stack:
            started = [
                await stack.enter_async_context(worker(packages, function, backstage.variables, watching=watching))
                for function in ("webhook", "llm_reply")
            ]
            yield cls(backstage, *started)

    def person(self, character_id: str = "ada") -> User:
        """Somebody who has chosen a character."""
        user = self.backstage.simulator.user(next(people), "Anna", "Karenina", "anna", "en")
        now = str(time.time_ns() // 1_000_000)
        self.backstage.aws.dynamodb.put_item(
            TableName=self.backstage.names["UsersTable"],
            Item={
                "user_id": {"N": str(user.id)}, "first_name": {"S": "Anna"}, "registered_at": {"N": now},
                "character_id": {"S": character_id}, "chosen_at": {"N": now}, "language": {"S": "en"},
            },
        )  # fmt: skip
        return user

    async def receive(self, user: User, text: str) -> Invocation:
        """The person's message, as Telegram sends it, through the webhook.

        :raises RuntimeError: it was not taken
        """
        message_id = next(message_ids)
        sender = {"id": user.id, "is_bot": False, "first_name": "Anna", "last_name": "Karenina", "language_code": "en"}
        update = {
            "update_id": 500_000 + message_id,
            "message": {
                "message_id": message_id, "from": sender,
                "chat": {"id": user.id, "type": "private", "first_name": "Anna"},
                "date": int(time.time()), "text": text,
            },
        }  # fmt: skip
        headers = {"x-telegram-bot-api-secret-token": self.backstage.variables["WEBHOOK_SECRET"]}
        event = {"version": "2.0", "headers": headers, "body": json.dumps(update), "isBase64Encoded": False}
        did = await self.webhook.invoke(event)
        if did.answer["statusCode"] != 200:  # noqa: PLR2004 - HTTP's
            raise RuntimeError(f"the webhook answered {did.answer}")
        return did

    async def answer(self, chats: int) -> Invocation:
        """The jobs of so many chats, in one batch, through the reply function; and off the queue, as Lambda does it.

        :raises RuntimeError: a job is missing or stays
        """
        return await self._work(await asyncio.to_thread(self._take, chats))

    async def remember(self) -> list[Invocation]:
        """What the answers have left to be remembered, if anything."""
        left = await asyncio.to_thread(self._receive, 0)
        return [await self._work(left)] if left else []

    async def _work(self, messages: Sequence[Any]) -> Invocation:
        arn, url = self.backstage.names["ReplyQueue.Arn"], self.backstage.names["ReplyQueue"]
        did = await self.reply.invoke({"Records": [_record(message, arn) for message in messages]})
        if did.answer["batchItemFailures"]:
            raise RuntimeError("a job failed")
        entries: Any = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(messages)]
        await asyncio.to_thread(self.backstage.aws.sqs.delete_message_batch, QueueUrl=url, Entries=entries)
        return did

    def _take(self, count: int) -> Sequence[Any]:
        taken: list[Any] = []
        for _ in range(count):
            taken += self._receive(1)
            if len(taken) == count:
                return taken
        raise RuntimeError(f"{len(taken)} of {count} jobs are on the queue")

    def _receive(self, wait_s: int) -> list[Any]:
        received = self.backstage.aws.sqs.receive_message(
            QueueUrl=self.backstage.names["ReplyQueue"],
            MaxNumberOfMessages=MOST_IN_BATCH,
            WaitTimeSeconds=wait_s,
            MessageSystemAttributeNames=["All"],
        )
        return list(received.get("Messages", []))


def _record(message: Any, arn: str) -> Event:
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": message["Attributes"],
        "messageAttributes": {},
        "md5OfBody": message["MD5OfBody"],
        "eventSource": "aws:sqs",
        "eventSourceARN": arn,
        "awsRegion": "us-east-1",
    }
