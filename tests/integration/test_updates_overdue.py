"""The schedule has the reply function ask Telegram for updates that it can't deliver, and count them."""

import json
import time
from collections.abc import Iterator
from typing import Any

import pytest

from local.simulator.faults import Fault
from local.simulator.state import Pending, Webhook
from local.stack import Stack
from publishing.subscription import MAX_CONNECTIONS
from tests.integration.letters import look

pytestmark = pytest.mark.asyncio(loop_scope="session")

MINUTE_S, HOUR_S = 60, 3600


@pytest.fixture
def webhook(stack: Stack) -> Iterator[Webhook]:
    state = stack.simulator.server.state
    before = dict(vars(state.webhook))
    yield state.webhook
    vars(state.webhook).update(before)
    state.pending.clear()


async def counted(stack: Stack, capsys: pytest.CaptureFixture[str]) -> list[float] | None:
    """The count of one run of the schedule; None if it counts nothing."""
    capsys.readouterr()
    await look(stack)
    lines: list[dict[str, Any]] = [json.loads(line) for line in capsys.readouterr().out.splitlines() if "{" in line]
    return next((line["UpdatesOverdue"] for line in lines if "UpdatesOverdue" in line), None)


async def test_nothing_is_overdue_where_telegram_reaches_the_webhook(
    stack: Stack, webhook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    assert webhook.url
    assert await counted(stack, capsys) == [0]


async def test_without_a_webhook_the_silence_is_counted(
    stack: Stack, webhook: Webhook, capsys: pytest.CaptureFixture[str]
) -> None:
    webhook.url = ""
    assert await counted(stack, capsys) == [1]


@pytest.mark.parametrize(
    ("pending", "failed_s_ago", "overdue"),
    [
        (3, None, 0),
        (3, MINUTE_S, 3),
        (3, HOUR_S, 0),
        (0, MINUTE_S, 0),
        (MAX_CONNECTIONS, None, 0),
        (MAX_CONNECTIONS + 1, None, MAX_CONNECTIONS + 1),
    ],
)
async def test_updates_are_overdue_if_deliveries_fail_or_more_wait_than_can_be_on_their_way(
    stack: Stack,
    webhook: Webhook,
    capsys: pytest.CaptureFixture[str],
    pending: int,
    failed_s_ago: int | None,
    overdue: int,
) -> None:
    if failed_s_ago is not None:
        webhook.last_error_date, webhook.last_error_message = round(time.time()) - failed_s_ago, "503"
    # Nothing wakes the simulator's deliveries, so that they stay where they are.
    stack.simulator.server.state.pending[:] = [Pending({"update_id": number}, time.time()) for number in range(pending)]
    assert await counted(stack, capsys) == [overdue]


async def test_a_telegram_that_does_not_answer_keeps_no_dead_letter_waiting(
    stack: Stack, capsys: pytest.CaptureFixture[str]
) -> None:
    stack.simulator.faults.add(Fault("getWebhookInfo", error_code=500))
    assert await counted(stack, capsys) is None
