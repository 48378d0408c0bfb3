"""Faults delay events on their way to Amplitude and lose none."""

from typing import Any

import pytest

from tests.integration.guest import Guest, Json, eventually
from troupe.pseudonym import pseudonym

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 503, "times": 3},
        {"status": 429},
        {"disconnect": True},
        {"disconnect": True, "accepted": True},
        {"malformed": True, "accepted": True},
    ],
    ids=str,
)
async def test_an_upload_that_fails_is_made_again_and_every_event_counts_once(
    guest: Guest, fault: dict[str, Any]
) -> None:
    guest.stack.amplitude.script(**fault)
    await guest.chooses("mario")
    await guest.says("One for the books")

    wanted = ["character_selected", "message_sent", "registered", "reply_received", "reply_sent"]

    def mine() -> list[Json] | None:
        found = [event for event in guest.stack.amplitude.events if event["user_id"] == pseudonym(guest.id)]
        return found if len(found) >= len(wanted) else None

    assert sorted(event["event_type"] for event in await eventually(mine)) == wanted


async def test_a_row_that_can_not_be_read_holds_up_no_other(guest: Guest) -> None:
    guest.stack.aws.dynamodb.put_item(
        TableName=guest.stack.names["TurnsTable"],
        Item={"chat_id": {"N": str(guest.id)}, "message_id": {"N": "1"}, "status": {"S": "unheard of"}},
    )
    await guest.chooses("mario")
    await guest.says("Still with us?")

    def sent() -> Json | None:
        mine = (event for event in guest.stack.amplitude.events if event["user_id"] == pseudonym(guest.id))
        return next((event for event in mine if event["event_type"] == "reply_sent"), None)

    assert await eventually(sent)


async def test_an_event_that_amplitude_refuses_holds_up_no_other_event(guest: Guest) -> None:
    # A row from before 1970: its time is a number that Amplitude does not take.
    numbers = {"message_id": 1, "sent_s": 1_795_580_000, "received_at": -1, "answered_at": 1_795_580_000_000}
    row = {"status": {"S": "answered"}, "kind": {"S": "text"}, "text": {"S": "Hi"}, "character_id": {"S": "mario"}}
    guest.stack.aws.dynamodb.put_item(
        TableName=guest.stack.names["TurnsTable"],
        Item=row
        | {
            name: {"N": str(number)}
            for name, number in ({"chat_id": guest.id, "person_id": guest.id} | numbers).items()
        },
    )
    await guest.chooses("mario")
    await guest.says("Is anybody counting?")

    def kinds() -> list[str] | None:
        mine = [event for event in guest.stack.amplitude.events if event["user_id"] == pseudonym(guest.id)]
        found = sorted(event["event_type"] for event in mine)
        return found if found.count("reply_received") == 2 and "reply_sent" in found else None

    assert (await eventually(kinds)).count("message_sent") == 1
