"""A worker's requests to the queue about its batch, sent to a queue that records them."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any

import botocore.session
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer

from local.stack import Stack
from troupe import aws
from troupe.clock import monotonic_s

pytestmark = pytest.mark.asyncio(loop_scope="session")

# How long the queue lets a first request wait for a second one that must not come beside it.
OVERLAP_S = 0.5


@dataclass
class FakeQueue:
    """Answers each request only after another came beside it, or after OVERLAP_S if none did."""

    hidden: list[dict[str, int]] = field(default_factory=list)
    deleted: list[list[str]] = field(default_factory=list)
    some_deleted: asyncio.Event = field(default_factory=asyncio.Event)
    most_at_once: int = 0
    _at_once: int = 0
    _beside: asyncio.Event = field(default_factory=asyncio.Event)

    async def answer(self, request: web.Request) -> web.Response:
        self._at_once += 1
        self.most_at_once = max(self.most_at_once, self._at_once)
        if self._at_once > 1:
            self._beside.set()
        action, body = request.headers["X-Amz-Target"].partition(".")[2], await request.json()
        entries = body["Entries"]
        if action == "ChangeMessageVisibilityBatch":
            self.hidden.append({entry["ReceiptHandle"]: entry["VisibilityTimeout"] for entry in entries})
        else:
            self.deleted.append([entry["ReceiptHandle"] for entry in entries])
            self.some_deleted.set()
        with suppress(TimeoutError):
            await asyncio.wait_for(self._beside.wait(), OVERLAP_S)
        self._at_once -= 1
        return web.json_response({"Successful": [], "Failed": []}, content_type="application/x-amz-json-1.0")


@pytest_asyncio.fixture(loop_scope="session")
async def queue(stack: Stack, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[FakeQueue]:
    assert stack
    queue, app = FakeQueue(), web.Application()
    app.router.add_post("/", queue.answer)
    async with TestServer(app) as server:
        client = botocore.session.get_session().create_client("sqs", endpoint_url=str(server.make_url("")))
        ours = aws.client
        monkeypatch.setattr(aws, "client", lambda service: client if service == "sqs" else ours(service))
        yield queue


def record(name: str, group: str, receives: int = 1) -> dict[str, Any]:
    return {
        "messageId": name,
        "receiptHandle": name,
        "body": json.dumps({}),
        "attributes": {"MessageGroupId": group, "ApproximateReceiveCount": str(receives), "SentTimestamp": "0"},
    }


async def worked(records: list[dict[str, Any]], outcomes: dict[str, Exception], left_s: float = 60) -> list[str]:
    """Each record ends as `outcomes` says, or well."""
    from functions.llm_reply.queue_work.batch import Task, work_batch  # noqa: PLC0415 - reads the settings of the stack

    async def work(task: Task) -> None:
        if task.record["messageId"] in outcomes:
            raise outcomes[task.record["messageId"]]

    return await work_batch(records, work, work, monotonic_s() + left_s)


def postponed(wait_s: float) -> Exception:
    from functions.llm_reply.queue_work.batch import PostponedError  # noqa: PLC0415 - as above

    return PostponedError(wait_s)


async def test_a_job_is_hidden_for_its_wait_only_after_the_batch_was_held(queue: FakeQueue) -> None:
    """The last request to arrive decides, so the two must not be on their way at the same time."""
    left = await worked([record("first", "chat"), record("second", "chat")], {"first": postponed(7.2)})

    assert left == ["first", "second"]
    held, hidden = queue.hidden
    assert held.keys() == {"first", "second"}
    assert all(60 < wait_s <= 65 for wait_s in held.values())
    assert hidden == {"first": 8, "second": 8}
    assert queue.most_at_once == 1


@pytest.mark.parametrize(("receives", "least", "most"), [(1, 1, 2), (3, 4, 8), (6, 30, 60), (5000, 30, 60)])
async def test_a_job_that_broke_waits_twice_as_long_each_time_and_a_minute_at_most(
    queue: FakeQueue, receives: int, least: int, most: int
) -> None:
    """Waits are random: thirty chats show how far they reach."""
    names = [f"broken-{number}" for number in range(30)]
    await worked([record(name, name, receives) for name in names], dict.fromkeys(names, ZeroDivisionError()))

    waits = [wait_s for hidden in queue.hidden[1:] for wait_s in hidden.values()]
    assert len(waits) == 30
    assert least <= min(waits) <= max(waits) <= most


@pytest.mark.parametrize(("receives", "left", "given_up"), [(3, ["broken"], 0), (4, [], 1)])
async def test_a_job_that_breaks_the_fourth_time_is_given_up(
    queue: FakeQueue, receives: int, left: list[str], given_up: int
) -> None:
    from functions.llm_reply.queue_work.batch import Task, work_batch  # noqa: PLC0415 - as above

    ended: list[Task] = []

    async def work(_: Task) -> None:
        raise ZeroDivisionError

    async def give_up(task: Task) -> None:
        ended.append(task)

    assert await work_batch([record("broken", "chat", receives)], work, give_up, monotonic_s() + 60) == left
    assert len(ended) == given_up
    assert len(queue.hidden) == 2 - given_up


async def test_a_finished_job_in_a_crowded_batch_is_deleted_before_the_batch_ends(queue: FakeQueue) -> None:
    from functions.llm_reply.queue_work.batch import Task, work_batch  # noqa: PLC0415 - as above

    async def work(task: Task) -> None:
        if task.record["messageId"] == "slow":
            await queue.some_deleted.wait()

    left = await work_batch([record("quick", "one"), record("slow", "other")], work, work, monotonic_s() + 60)

    assert left == []
    assert queue.deleted[0] == ["quick"]


async def test_a_job_that_outlasts_the_invocation_comes_back_in_a_second(queue: FakeQueue) -> None:
    from functions.llm_reply.queue_work.batch import Task, work_batch  # noqa: PLC0415 - as above

    async def work(_: Task) -> None:
        await asyncio.Event().wait()

    assert await work_batch([record("endless", "chat")], work, work, monotonic_s() + 0.05) == ["endless"]
    assert queue.hidden[-1] == {"endless": 1}
