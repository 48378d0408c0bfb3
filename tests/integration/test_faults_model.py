"""Every failure of the model, and the message that the person gets."""

import json
from typing import Any

import pytest

from local.llm.calls import Call
from tests.integration.guest import Guest
from troupe.conversations.turn_states import DELIVERED, FAILED
from troupe.telegram.texts import ENGLISH, RUSSIAN

pytestmark = pytest.mark.asyncio(loop_scope="session")


def asked(guest: Guest, text: str) -> list[Call]:
    """The times the model was asked to answer this message."""
    return [call for call in guest.stack.model.calls if call.said == text]


def question(guest: Guest) -> str:
    """Every guest's own, so that the model can be told what to do with it."""
    return f"What would guest {guest.id} do?"


@pytest.mark.parametrize(
    "fault",
    [
        {"status": 500},
        {"status": 503, "retry_after": 1},
        {"status": 429, "retry_after": 1},
        {"status": 429},
        {"fault": "disconnect"},
        {"fault": "disconnect", "after": 2},
        {"fault": "malformed", "after": 1},
        {"fault": "cut", "after": 3},
        {"fault": "error_event"},
        {"fault": "failed", "after": 1},
        {"text": ""},
    ],
    ids=str,
)
async def test_a_passing_model_failure_is_retried_and_the_person_sees_only_the_answer(
    guest: Guest, fault: dict[str, Any]
) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(**fault, matching=question(guest))
    guest.stack.model.script(text="Here we go again!", matching=question(guest))
    message = guest.write(question(guest))

    assert await guest.hears(2) == "Here we go again!"
    turn = await guest.turn(message, DELIVERED)
    assert len(asked(guest, question(guest))) == 2
    assert turn.reply_ids == [guest.received()[-1]["message_id"]]


@pytest.mark.parametrize(
    ("fault", "calls", "failure"),
    [
        ({"code": "invalid_api_key"}, 1, "model_key"),
        ({"code": "insufficient_quota"}, 1, "model_quota"),
        ({"code": "model_not_found"}, 1, "model_unknown"),
        ({"status": 400}, 1, "model_request"),
        ({"status": 429, "retry_after": 3600}, 1, "model_rate_limit"),
        ({"status": 429, "retry_after": 0}, 5, "model_rate_limit"),
        ({"status": 500, "retry_after": 0}, 5, "model_server"),
        ({"text": ""}, 2, "model_empty"),
        ({"code": "context_length_exceeded"}, 3, "model_context"),
    ],
    ids=str,
)
async def test_a_lasting_model_failure_ends_in_an_apology_with_a_button_that_works(
    guest: Guest, fault: dict[str, Any], calls: int, failure: str
) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(**fault, matching=question(guest), times=calls)
    message = guest.write(question(guest))

    assert await guest.hears(2) == ENGLISH.apology
    turn = await guest.turn(message, FAILED)
    assert (turn.failure, len(asked(guest, question(guest)))) == (failure, calls)

    guest.user.press(guest.received()[-1]["message_id"], ENGLISH.retry)
    answer = await guest.hears(3)
    turn = await guest.turn(message, DELIVERED)
    assert turn.failed_at is None
    assert turn.reply_ids == [guest.received()[-1]["message_id"]]
    assert answer != ENGLISH.apology


async def test_a_model_that_takes_too_long_is_asked_once_more(guest: Guest, monkeypatch: pytest.MonkeyPatch) -> None:
    await guest.chooses("mario")
    monkeypatch.setattr("functions.llm_reply.settings.model_timeout_s", 1)
    guest.stack.model.script(hang=20, matching=question(guest))
    guest.stack.model.script(hang=20, after=2, matching=question(guest))
    message = guest.write(question(guest))

    assert await guest.hears(2) == ENGLISH.apology
    assert (await guest.turn(message, FAILED)).failure == "model_timeout"
    assert len(asked(guest, question(guest))) == 2


async def test_the_apology_is_in_the_persons_language(visitor: Guest) -> None:
    await visitor.chooses("mario")
    visitor.stack.model.script(code="invalid_api_key", matching=question(visitor))

    assert await visitor.says(question(visitor)) == RUSSIAN.apology
    assert visitor.received()[-1]["reply_markup"]["inline_keyboard"][0][0]["text"] == RUSSIAN.retry


@pytest.mark.parametrize(
    "fault", [{"code": "invalid_prompt"}, {"finish": "content_filter", "text": "Half of an"}], ids=str
)
async def test_a_message_that_the_provider_refuses_gets_no_second_try(guest: Guest, fault: dict[str, Any]) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(**fault, matching=question(guest))
    message = guest.write(question(guest))

    assert await guest.hears(2) == ENGLISH.refused
    assert "reply_markup" not in guest.received()[-1]
    assert (await guest.turn(message, FAILED)).failure == "model_refused"
    assert len(asked(guest, question(guest))) == 1


MODERATED = {"error": {"message": "Your chosen model requires moderation and your input was flagged", "code": 403}}
NO_BALANCE = {"error": {"message": "Insufficient Balance", "type": "unknown_error", "code": "invalid_request_error"}}
TOO_LARGE = {"error": {"message": "Request too large on tokens per minute", "code": "rate_limit_exceeded"}}


@pytest.mark.parametrize(
    ("status", "body", "calls", "failure"),
    [
        (403, MODERATED, 1, "model_refused"),
        (402, NO_BALANCE, 1, "model_quota"),
        (413, TOO_LARGE, 3, "model_context"),
    ],
)
async def test_another_providers_words_mean_the_same_to_the_person(
    guest: Guest, status: int, body: dict[str, Any], calls: int, failure: str
) -> None:
    await guest.chooses("mario")
    refusal = {"raw": json.dumps(body), "raw_type": "application/json", "status": status}
    guest.stack.model.script(**refusal, matching=question(guest), times=calls)
    message = guest.write(question(guest))

    assert await guest.hears(2) == (ENGLISH.refused if failure == "model_refused" else ENGLISH.apology)
    assert (await guest.turn(message, FAILED)).failure == failure
    assert len(asked(guest, question(guest))) == calls


@pytest.mark.parametrize(
    "said",
    ["Hello" + "\n" * 60_000 + "end", "Hello" + " \n" * 30_000 + "end", "*a " * 30_000, "And it rained. " * 30_000],
    ids=["newlines", "lines of blanks", "marks", "450 kB"],
)
async def test_any_output_of_the_model_arrives_as_a_bounded_answer(guest: Guest, said: str) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(text=said, matching=question(guest))
    message = guest.write(question(guest))

    turn = await guest.turn(message, DELIVERED)
    assert 0 < len(turn.answer) <= 16_000
    assert len(turn.reply_ids) <= 5


async def test_a_refusal_in_the_models_own_words_is_an_answer(guest: Guest) -> None:
    await guest.chooses("mario")
    guest.stack.model.script(refusal="Mamma mia, not that!", matching=question(guest))

    assert await guest.says(question(guest)) == "Mamma mia, not that!"


async def test_a_prompt_that_is_too_long_is_asked_again_with_less_of_the_past(guest: Guest) -> None:
    await guest.chooses("mario")
    for number in range(3):
        await guest.says(f"A long story, part {number}: " + "and then it rained. " * 150)
    guest.stack.model.script(code="context_length_exceeded", matching=question(guest))
    answer = await guest.says(question(guest))

    first, second = asked(guest, question(guest))
    assert answer != ENGLISH.apology
    assert len(str(second.body["input"])) < len(str(first.body["input"]))


async def test_a_retry_after_is_waited_for_and_no_other_chat_waits_with_it(guest: Guest, visitor: Guest) -> None:
    await guest.chooses("mario")
    await visitor.chooses("mario")
    guest.stack.model.script(status=429, retry_after=3, matching=question(guest))
    guest.write(question(guest))
    await guest.stack.model.wait_for_call(lambda call: call.said == question(guest))

    await visitor.says("Short and sweet?")
    assert len(guest.received()) == 1
    await guest.hears(2)
    first, second = asked(guest, question(guest))
    assert second.at - first.at >= 3
