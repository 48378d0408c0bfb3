"""A new account may run ten functions at once. Replies take six of them, and answer ten busy chats all the same."""

from bench.scale import Scenario, simulate
from bench.spread import percentile
from deploy.parameters import MIN_REPLIES, RESERVE, ROOM, replies_within

QUOTA = 10
CHATS = 10
# Somebody who reads an answer and writes again.
SECONDS_BETWEEN_MESSAGES = 8


def test_replies_leave_room_for_all_the_others_at_once_unless_ten_busy_chats_would_wait_for_it() -> None:
    assert replies_within(QUOTA) == QUOTA - RESERVE
    for quota in range(QUOTA + 1, 100):
        assert replies_within(quota) in (QUOTA - RESERVE, quota - ROOM)
        assert quota - replies_within(quota) >= RESERVE
    assert replies_within(3) == MIN_REPLIES


def test_ten_busy_chats_hardly_wait_and_the_webhook_keeps_its_share() -> None:
    found = simulate(Scenario(CHATS / SECONDS_BETWEEN_MESSAGES, QUOTA - RESERVE), seconds=300)

    assert found.most_busy <= QUOTA - RESERVE
    assert percentile(found.waits, 95) < 1
    assert found.left <= 1


def test_a_burst_of_all_of_them_fills_batches_and_takes_no_more() -> None:
    found = simulate(Scenario(CHATS, QUOTA - RESERVE), seconds=60)

    assert found.most_busy == QUOTA - RESERVE
    assert max(found.batches) > 1
