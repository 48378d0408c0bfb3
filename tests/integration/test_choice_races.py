"""Choices that are written at the same moment: the loser tries again, and says so if it keeps losing."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from pynamodb.exceptions import UpdateError

from tests.integration.guest import Guest
from troupe import aws, choices
from troupe.clock import now_ms
from troupe.users import Person, User

pytestmark = pytest.mark.asyncio(loop_scope="session")


@contextmanager
def rivals(guest: Guest, count: int) -> Iterator[list[str]]:
    """Another choice of the guest's is stored just before each of the next writes, `count` times.

    Yields the writes that were tried.
    """
    tried: list[str] = []

    def write_first(params: dict[str, Any], **_: Any) -> None:
        if str(guest.id) not in str(params["body"]):
            return
        tried.append("write")
        if len(tried) <= count:
            switches = f'[[{len(tried)}, "rival", 0]]'
            guest.stack.aws.dynamodb.update_item(
                TableName=guest.stack.names["UsersTable"],
                Key={"user_id": {"N": str(guest.id)}},
                UpdateExpression="SET switches = :s, character_id = :c",
                ExpressionAttributeValues={":s": {"S": switches}, ":c": {"S": "rival"}},
            )

    events = aws.client("dynamodb").meta.events
    events.register("before-call.dynamodb.UpdateItem", write_first, unique_id="rivals")
    try:
        yield tried
    finally:
        events.unregister("before-call.dynamodb.UpdateItem", unique_id="rivals")


async def test_a_choice_that_loses_four_times_is_stored_at_the_fifth_try(guest: Guest) -> None:
    with rivals(guest, 4) as tried:
        user = choices.choose(Person(guest.id, "Anna"), "mario")

    assert user is not None
    assert len(tried) == 5
    assert [switch[1] for switch in User.get(guest.id).switches] == ["rival", "mario"]


async def test_a_choice_that_loses_five_times_is_an_error_and_changes_nothing(guest: Guest) -> None:
    with rivals(guest, 5) as tried, pytest.raises(UpdateError):
        choices.choose(Person(guest.id, "Anna"), "mario")

    assert len(tried) == 5
    assert [switch[1] for switch in User.get(guest.id).switches] == ["rival"]


async def test_a_choice_that_a_table_refuses_is_tried_once(guest: Guest) -> None:
    with rivals(guest, 0) as tried, pytest.raises(UpdateError):
        choices.choose(Person(guest.id, "x" * 500_000), "mario")

    assert len(tried) == 1
    assert User.find(guest.id) is None


async def test_a_request_older_than_the_last_choice_changes_nothing(guest: Guest) -> None:
    person = Person(guest.id, "Anna")
    at = now_ms()
    choices.choose(person, "mario", at_ms=at)

    assert choices.choose(person, "nemo", at_ms=at - 1) is None
    assert User.get(guest.id).character_id == "mario"
    assert choices.choose(person, "nemo", at_ms=at) is not None
    assert User.get(guest.id).character_id == "nemo"
