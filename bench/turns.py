"""Takes turns through the webhook and the reply function, step by step."""

import asyncio
import itertools
import json
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from typing import Any

from bench.backstage import Backstage
from bench.packages import Packages
from bench.workers import Event, Invocation, Watching, Worker, worker
from local.simulator import User
from troupe import retention

MAX_IN_BATCH = 10

message_ids = itertools.count(1_000)
people = itertools.count(900_001)


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
        """A person who has chosen a character."""
        user = self.backstage.simulator.user(next(people), "Anna", "Karenina", "anna", "en")
        now = str(time.time_ns() // 1_000_000)
        self.backstage.aws.dynamodb.put_item(
            TableName=self.backstage.names["UsersTable"],
            Item={
                "user_id": {"N": str(user.id)}, "first_name": {"S": "Anna"}, "registered_at": {"N": now},
                "character_id": {"S": character_id}, "chosen_at": {"N": now}, "language": {"S": "en"},
                "choices": {"S": json.dumps([[int(now), character_id, 0]])},
                "expires_at": {"N": str(retention.expires_at(int(now)))},
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
        headers = {"x-telegram-bot-api-secret-token": self.backstage.webhook_secret}
        event = {"version": "2.0", "headers": headers, "body": json.dumps(update), "isBase64Encoded": False}
        did = await self.webhook.invoke(event)
        if did.answer["statusCode"] != 200:  # noqa: PLR2004 - HTTP's
            raise RuntimeError(f"the webhook answered {did.answer}")
        return did

    async def answer(self, chats: int) -> Invocation:
        """Has the reply function work the jobs of several chats in one batch, and deletes them, as Lambda does.

        :raises RuntimeError: a job is missing or stays
        """
        return await self._work(await asyncio.to_thread(self.take, chats))

    async def remember(self) -> list[Invocation]:
        """Works the summary jobs that the answers have queued."""
        left = await asyncio.to_thread(self._receive, 0)
        return [await self._work(left)] if left else []

    async def _work(self, messages: Sequence[Any]) -> Invocation:
        arn = self.backstage.names["ReplyQueue.Arn"]
        did = await self.reply.invoke({"Records": [record(message, arn) for message in messages]})
        if did.answer["batchItemFailures"]:
            raise RuntimeError("a job failed")
        await asyncio.to_thread(self.delete, messages)
        return did

    def delete(self, messages: Sequence[Any]) -> None:
        entries: Any = [{"Id": str(n), "ReceiptHandle": one["ReceiptHandle"]} for n, one in enumerate(messages)]
        self.backstage.aws.sqs.delete_message_batch(QueueUrl=self.backstage.names["ReplyQueue"], Entries=entries)

    def take(self, count: int) -> Sequence[Any]:
        """So many jobs off the queue.

        :raises RuntimeError: there are fewer
        """
        taken: list[Any] = []
        for _ in range(count):
            taken += self._receive(1)
            if len(taken) == count:
                return taken
        raise RuntimeError(f"{len(taken)} of {count} jobs are on the queue")

    def _receive(self, wait_s: int) -> list[Any]:
        received = self.backstage.aws.sqs.receive_message(
            QueueUrl=self.backstage.names["ReplyQueue"],
            MaxNumberOfMessages=MAX_IN_BATCH,
            WaitTimeSeconds=wait_s,
            MessageSystemAttributeNames=["All"],
        )
        return list(received.get("Messages", []))


def record(message: Any, arn: str) -> Event:
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
