"""A new account may run ten functions at once. Replies take six of them, and answer ten busy chats all the same."""

from bench.scale import Scenario, simulate
from bench.spread import percentile
from deploy.parameters import RESERVE

QUOTA = 10
CHATS = 10
# Somebody who reads an answer and writes again.
SECONDS_BETWEEN_MESSAGES = 8


def test_ten_busy_chats_hardly_wait_and_the_webhook_keeps_its_share() -> None:
    found = simulate(Scenario(CHATS / SECONDS_BETWEEN_MESSAGES, QUOTA - RESERVE), seconds=300)

    assert found.most_busy <= QUOTA - RESERVE
    assert percentile(found.waits, 95) < 1
    assert found.left <= 1


def test_a_burst_of_all_of_them_fills_batches_and_takes_no_more() -> None:
    found = simulate(Scenario(CHATS, QUOTA - RESERVE), seconds=60)

    assert found.most_busy == QUOTA - RESERVE
    assert max(found.batches) > 1
