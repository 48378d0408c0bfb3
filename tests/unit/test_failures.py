"""How often a failed attempt is repeated, and after which wait."""

from datetime import timedelta

import httpx
import httpx2
import openai
import pytest
from hypothesis import given
from hypothesis import strategies as st
from telegram.error import BadRequest, Forbidden, InvalidToken, NetworkError, RetryAfter, TimedOut

from functions.llm_reply.failures import Failure, of_telegram
from functions.llm_reply.llm.errors import ModelError, broken, empty, filtered, translated

DAY_S = 24 * 3600


def http_error(kind: type[openai.APIStatusError], status: int, **headers: str) -> openai.APIStatusError:
    request = httpx2.Request("POST", "http://model.test")
    return kind("refused", response=httpx2.Response(status, headers=headers, request=request), body=None)


def of_model(error: Exception) -> Failure:
    with pytest.raises(ModelError) as caught, translated():
        raise error
    return caught.value.failure


@given(st.integers(1, 1_000_000))
def test_waits_double_from_two_seconds_to_five_minutes_and_are_spread_over_their_later_half(attempt: int) -> None:
    longest = min(2**attempt, 300) if attempt < 9 else 300
    assert longest / 2 <= Failure("x", tries=5).wait_s(attempt) <= longest


def test_two_chats_do_not_come_back_at_the_same_moment() -> None:
    assert len({Failure("x", tries=5).wait_s(3) for _ in range(50)}) > 40
    assert len({Failure("x", tries=5, after_s=3).wait_s(1) for _ in range(50)}) > 40


@given(st.floats(0, 11 * 3600))
def test_a_requested_wait_is_kept_and_at_most_a_second_longer(after_s: float) -> None:
    assert after_s <= Failure("x", tries=5, after_s=after_s).wait_s(1) <= after_s + 1


@given(st.floats(DAY_S / 2, 10 * DAY_S))
def test_no_wait_is_longer_than_the_queue_can_hide_a_message(after_s: float) -> None:
    assert Failure("x", tries=5, after_s=after_s).wait_s(1) == DAY_S / 2 - 60


@pytest.mark.parametrize(
    ("retry_after", "tries", "after_s"),
    [
        ("0", 5, 0),
        ("60", 5, 60),
        ("60.0", 5, 60),
        ("60.5", 1, 60.5),
        ("61", 1, 61),
        # A date, or no number: as if nothing had been said.
        ("Wed, 21 Oct 2026 07:28:00 GMT", 5, None),
        ("-1", 5, None),
        ("1.2.3", 5, None),
        ("", 5, None),
    ],
)
def test_a_person_waits_a_minute_for_the_model_at_most(retry_after: str, tries: int, after_s: float | None) -> None:
    limited = http_error(openai.RateLimitError, 429, **{"retry-after": retry_after})
    broken = http_error(openai.InternalServerError, 503, **{"retry-after": retry_after})

    assert of_model(limited) == Failure("model_rate_limit", tries, after_s)
    assert of_model(broken) == Failure("model_server", tries, after_s)


@pytest.mark.parametrize(
    ("error", "name", "tries"),
    [
        (http_error(openai.ConflictError, 409), "model_server", 5),
        (http_error(openai.APIStatusError, 408), "model_timeout", 2),
        (http_error(openai.PermissionDeniedError, 403), "model_key", 1),
        (http_error(openai.NotFoundError, 404), "model_unknown", 2),
        (http_error(openai.BadRequestError, 400), "model_request", 1),
        (TimeoutError(), "model_timeout", 2),
        (httpx2.ReadTimeout("late"), "model_timeout", 2),
        (httpx2.ConnectError("no"), "model_connection", 5),
        (broken("cut"), "model_connection", 5),
        (empty(), "model_empty", 2),
        (filtered(), "model_refused", 1),
    ],
    ids=lambda value: type(value).__name__,
)
def test_each_failure_of_the_model_has_its_number_of_tries(error: Exception, name: str, tries: int) -> None:
    failure = of_model(error)
    assert (failure.name, failure.tries, failure.retry) == (name, tries, tries > 1)


def test_an_error_that_no_row_knows_goes_through() -> None:
    with pytest.raises(ZeroDivisionError), translated():
        raise ZeroDivisionError


def caused(error: NetworkError, cause: Exception) -> NetworkError:
    error.__cause__ = cause
    return error


@pytest.mark.parametrize(
    ("error", "name", "retry", "unreachable"),
    [
        (Forbidden("bot was blocked by the user"), "telegram_blocked", False, True),
        (BadRequest("Chat not found"), "telegram_chat_gone", False, True),
        (BadRequest("Message is too long"), "telegram_request", False, False),
        (InvalidToken("Unauthorized"), "telegram_token", True, False),
        (caused(NetworkError("x"), httpx.ConnectError("no")), "telegram_connection", True, False),
        (caused(TimedOut(), httpx.ConnectTimeout("no")), "telegram_connection", True, False),
        (caused(TimedOut(), httpx.PoolTimeout("no")), "telegram_connection", True, False),
        (caused(TimedOut(), httpx.ReadTimeout("no")), "telegram_unsure", True, False),
        (NetworkError("Bad Gateway"), "telegram_unsure", True, False),
    ],
    ids=str,
)
def test_each_failure_of_telegram_is_tried_again_or_not(
    error: Exception, name: str, retry: bool, unreachable: bool
) -> None:
    failure = of_telegram(error)  # type: ignore[arg-type]  # each of them is a TelegramError
    assert (failure.name, failure.retry, failure.unreachable) == (name, retry, unreachable)


def test_telegrams_wait_is_read_in_seconds() -> None:
    assert of_telegram(RetryAfter(7)).after_s == 7
    assert of_telegram(RetryAfter(timedelta(minutes=2))).after_s == 120
