"""The answer grows in the chat while the model writes, and nothing that happens to a draft touches the answer."""

import time

import pytest

from local.simulator.bot_api import Call
from local.simulator.faults import Fault
from tests.integration.guest import Guest

pytestmark = pytest.mark.asyncio(loop_scope="session")

ANSWER = "*puts the spanner down slowly, and the lamp beside it* Mamma **mia**, " + "and on we go " * 12 + "to the end."
SHOWN = ANSWER.replace("*", "")
# How long an answer may wait for drafts on a busy machine. The drafts hang for far longer.
MOMENT_S = 5


async def asked(guest: Guest, said: str, **behaviour: float) -> None:
    """The answer has come; the model wrote it slowly."""
    await guest.chooses("mario")
    guest.stack.model.script(text=ANSWER, matching=said, **behaviour)
    assert await guest.says(said) == SHOWN


def calls(guest: Guest, method: str) -> list[Call]:
    return [call for call in guest.stack.simulator.calls if call.method == method and call.chat_id == guest.id]


def drafts(guest: Guest) -> list[Call]:
    return calls(guest, "sendMessageDraft")


async def test_it_thinks_at_once_then_grows_and_then_is_there(guest: Guest) -> None:
    await asked(guest, "Slowly", first_delay=0.5, delta_delay=0.08)

    thinking, *growing = drafts(guest)
    assert "text" not in thinking.params or thinking.params["text"] == ""
    texts = [call.params["text"] for call in growing]
    assert len(texts) >= 3
    for earlier, later in zip(texts, [*texts[1:], SHOWN], strict=True):
        assert later.startswith(earlier)
        assert len(earlier) < len(later)
    assert growing[0].params["entities"][0]["type"] == "italic"
    assert len({call.params["draft_id"] for call in drafts(guest)}) == 1


async def test_the_first_words_show_as_soon_as_the_model_has_them(guest: Guest) -> None:
    await asked(guest, "Quickly", first_delay=0.2, delta_delay=0.06)

    thinking, first, second, *_ = drafts(guest)
    assert first.at - thinking.at < 1
    assert second.at - first.at > 1


async def test_drafts_stay_within_telegrams_limits_and_end_before_the_answer(guest: Guest) -> None:
    await asked(guest, "Very slowly", delta_delay=0.15)

    assert all(call.ok for call in drafts(guest))
    assert drafts(guest)[-1].at < calls(guest, "sendMessage")[-1].at
    assert guest.id not in guest.stack.simulator.server.drafts


async def test_a_draft_under_way_arrives_before_the_answer_and_not_after_it(guest: Guest) -> None:
    slow = Fault("sendMessageDraft", guest.id, times=20, hang=0.3)
    guest.stack.simulator.faults.add(slow)
    await asked(guest, "At once")

    assert [call.ok for call in drafts(guest)] == [True] * (20 - slow.times)
    assert slow.times < 20
    assert guest.id not in guest.stack.simulator.server.drafts


async def test_when_telegram_asks_for_a_pause_drafts_pause_and_the_answer_does_not(guest: Guest) -> None:
    guest.stack.simulator.faults.add(Fault("sendMessageDraft", guest.id, error_code=429, retry_after=2))
    await asked(guest, "Busily", delta_delay=0.15)

    refused, after, *_ = drafts(guest)
    assert not refused.ok
    assert after.at - refused.at >= 2

    guest.stack.simulator.faults.add(Fault("sendMessageDraft", guest.id, error_code=429, retry_after=60))
    started = time.monotonic()
    guest.stack.model.script(text="Here.", matching="Again")
    assert await guest.says("Again") == "Here."
    assert time.monotonic() - started < MOMENT_S


async def test_the_pause_holds_for_the_persons_next_message_too(guest: Guest) -> None:
    guest.stack.simulator.faults.add(Fault("sendMessageDraft", guest.id, error_code=429, retry_after=60))
    await asked(guest, "First")
    before = len(drafts(guest))

    await asked(guest, "Second", delta_delay=0.01)

    assert len(drafts(guest)) == before == 1


async def test_a_refusal_ends_the_drafts_of_this_answer_only(guest: Guest) -> None:
    refusal = Fault("sendMessageDraft", guest.id, error_code=400, description="Bad Request: TEXTDRAFT_PEER_INVALID")
    guest.stack.simulator.faults.add(refusal)
    await asked(guest, "Refused", delta_delay=0.02)
    assert len(drafts(guest)) == 1

    await asked(guest, "Allowed", delta_delay=0.05)
    assert len(drafts(guest)) > 2


async def test_a_server_error_costs_one_draft(guest: Guest) -> None:
    guest.stack.simulator.faults.add(Fault("sendMessageDraft", guest.id, error_code=502))
    await asked(guest, "Bumpily", delta_delay=0.08)

    refused, *others = drafts(guest)
    assert not refused.ok
    assert len(others) >= 2
    assert all(call.ok for call in others)


async def test_a_draft_that_hangs_holds_the_answer_up_for_a_moment_at_most(guest: Guest) -> None:
    guest.stack.simulator.faults.add(Fault("sendMessageDraft", guest.id, hang=30, disconnect=True))
    await guest.chooses("mario")
    guest.stack.model.script(text=ANSWER, matching="Hanging", delta_delay=0.005)
    started = time.monotonic()

    assert await guest.says("Hanging") == SHOWN
    # Less than it takes to give up on a draft while there is time.
    assert time.monotonic() - started < 2.5


async def test_a_quick_exchange_goes_on_when_its_drafts_run_into_the_limit(guest: Guest) -> None:
    await guest.chooses("mario")
    number = 0
    while all(call.ok for call in drafts(guest)):
        number += 1
        await guest.says(f"Quick {number}")

    assert all(call.ok for call in calls(guest, "sendMessage"))
