"""How long the queue hides the jobs of a worker: its visibility timeout, or longer if that ends too early."""

import json
import time

import pytest

from local.stack import Stack
from tests.integration.guest import Guest
from troupe.conversations.turn_states import DELIVERED

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Of the function, less the 3 s that are kept for giving back, and 5 s more.
WHOLE_INVOCATION_S = 57 - 3 + 5
GREETING = {"version": 1, "kind": "greet", "character_id": "nemo", "language": "en"}


async def begin(stack: Stack, chat_id: int, *, received_s_ago: float, times: int = 1) -> None:
    """A greeting in the hands of a worker that begins so long after the queue handed it out."""
    received_ms = round((time.time() - received_s_ago) * 1000)
    record = {
        "messageId": "1", "receiptHandle": "none", "body": json.dumps(GREETING | {"chat_id": chat_id}),
        "attributes": {
            "ApproximateReceiveCount": str(times), "MessageGroupId": str(chat_id), "SentTimestamp": str(received_ms),
            "ApproximateFirstReceiveTimestamp": str(received_ms),
        },
    }  # fmt: skip
    (function,) = (each for each in stack.functions if each.function.logical_id == "LlmReplyFunction")
    await function.invoke({"Records": [record]})


async def test_a_worker_that_begins_at_once_leaves_it_to_the_queue(guest: Guest, hidden: list[int]) -> None:
    await guest.chooses("mario")
    await guest.turn(guest.write("Hello!"), DELIVERED)
    assert hidden == []


async def test_a_worker_that_begins_late_hides_its_jobs_until_its_own_time_is_over(
    guest: Guest, hidden: list[int]
) -> None:
    await begin(guest.stack, guest.id, received_s_ago=20)
    (seconds,) = hidden
    assert WHOLE_INVOCATION_S - 5 < seconds <= WHOLE_INVOCATION_S + 1


async def test_of_a_job_that_comes_again_a_worker_can_not_tell_how_long_it_is_hidden(
    guest: Guest, hidden: list[int]
) -> None:
    await begin(guest.stack, guest.id, received_s_ago=0, times=2)
    assert len(hidden) == 1
