"""The functions' logs: one update can be followed, nothing private is in them, and they are short."""

import pytest

from local.simulator.faults import Fault
from tests.integration.guest import Guest, eventually
from tests.integration.log_lines import Said, with_metric
from troupe.conversations.turn_states import DELIVERED
from troupe.pseudonym import pseudonym

pytestmark = pytest.mark.asyncio(loop_scope="session")

# Logs are billed by the gigabyte, and a turn's are most of what there is.
MAX_BYTES_PER_TURN = 1500


async def test_one_correlation_id_leads_from_the_update_to_the_delivery(guest: Guest, said: Said) -> None:
    await guest.chooses("mario")
    message = guest.write("A secret about bees.")
    turn = await guest.turn(message, DELIVERED)
    update_id = str(int(turn.update_id))

    delivered = await eventually(lambda: with_metric(said.lines(update_id), "TurnsDelivered"))

    received = with_metric(said.lines(update_id), "TurnsReceived")
    assert received is not None
    assert {line["person"] for line in (received, delivered)} == {pseudonym(guest.id)}
    assert delivered["character"] == "mario"
    assert delivered["TurnsAnswered"] == [1.0]
    # Shares are averages of ones and noughts.
    assert delivered["TurnsFailed"] == delivered["ModelErrors"] == [0.0]
    assert delivered["TokensIn"][0] > delivered["TokensCached"][0]
    assert delivered["TokensOut"][0] > 0
    assert delivered["ReceiptToDelivery"][0] >= delivered["ModelTotal"][0] >= delivered["ModelFirstWord"][0]
    assert 0 < delivered["EstimatedSpend"][0] < 0.01
    assert delivered["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service"]]


async def test_a_turn_takes_little_of_the_log_and_nothing_private_stands_in_it(guest: Guest, said: Said) -> None:
    await guest.chooses("mario")
    # The greeting's own line comes a moment after the greeting.
    await eventually(lambda: with_metric(said.lines(), "GreetingsSent"))
    before = len(said.text())
    message = guest.write("A secret about bees.")
    turn = await guest.turn(message, DELIVERED)
    await eventually(lambda: with_metric(said.lines(str(int(turn.update_id))), "TurnsDelivered"))

    assert len(said.text()) - before <= MAX_BYTES_PER_TURN
    for private in ("bees", "Karenina", str(guest.id), str(turn.answer)):
        assert private not in said.text()


async def test_a_choice_in_the_picker_leads_to_its_greeting(guest: Guest, said: Said) -> None:
    await guest.chooses("nemo")

    greeted = await eventually(lambda: with_metric(said.lines(), "GreetingsSent"))

    chosen = with_metric(said.lines(greeted["correlation_id"]), "CharactersChosen")
    assert chosen is not None
    assert chosen["character"] == "nemo"
    assert chosen["_aws"]["CloudWatchMetrics"][0]["Dimensions"] == [["service"], ["service", "character"]]


async def test_a_failure_is_counted_by_kind_and_logged_with_its_update(guest: Guest, said: Said) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(status=401, matching="Say something.")
    guest.write("Say something.")

    failed = await eventually(lambda: with_metric(said.lines(), "TurnsApologised"))

    update = said.lines(failed["correlation_id"])
    error = with_metric(update, "ModelErrors")
    assert error is not None
    assert error["kind"] == "model_key"
    assert failed["TurnsFailed"] == [1.0]
    assert failed["AccountRefused"] == [1.0]
    (logged,) = (line for line in update if line.get("message") == "No answer")
    assert logged["failure"] == "model_key"
    (refused,) = (line for line in update if line.get("message") == "The model's server refuses a request")
    assert (refused["status"], refused["said"]) == (401, "Incorrect API key provided.")


async def test_a_failure_that_is_not_the_accounts_is_not_counted_as_one(guest: Guest, said: Said) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(status=400, matching="Say nothing.")
    guest.stack.simulator.faults.add(Fault("sendMessage", guest.id, error_code=429, retry_after=1))
    guest.write("Say nothing.")

    failed = await eventually(lambda: with_metric(said.lines(), "TurnsApologised"))

    update = said.lines(failed["correlation_id"])
    assert with_metric(update, "ModelErrors")
    assert with_metric(update, "TelegramErrors")
    assert with_metric(update, "AccountRefused") is None


async def test_a_token_that_telegram_refuses_is_the_accounts_fault(guest: Guest, said: Said) -> None:
    guest.stack.simulator.faults.add(Fault("sendMessage", guest.id, error_code=401))
    await guest.chooses("mario")

    refused = await eventually(lambda: with_metric(said.lines(), "AccountRefused"))

    error = with_metric(said.lines(refused["correlation_id"]), "TelegramErrors")
    assert error is not None
    assert error["kind"] == "telegram_token"
