"""When the fallback model is used, and when the chosen one is tried again."""

from datetime import timedelta

from functions.llm_reply.failures import Failure
from functions.llm_reply.llm.breaker import MAX_FAILURES, Breaker
from troupe import clock

GONE, DOWN, OTHER = Failure("model_unknown"), Failure("model_server"), Failure("model_refused")


def test_a_model_that_is_gone_is_left_alone_at_once_and_a_server_that_is_down_after_some_failures_in_a_row() -> None:
    assert Breaker().failed(GONE)
    breaker = Breaker()
    assert [breaker.failed(DOWN) for _ in range(MAX_FAILURES)] == [False] * (MAX_FAILURES - 1) + [True]
    assert not breaker.lets_through()


def test_failures_that_say_nothing_about_the_model_and_failures_between_successes_change_nothing() -> None:
    breaker = Breaker()
    for _ in range(MAX_FAILURES):
        assert not breaker.failed(OTHER)
        assert not breaker.failed(None)
        assert not breaker.failed(DOWN)
        assert not breaker.succeeded()
    assert breaker.lets_through()


def test_after_a_rest_one_request_tries_the_model_and_decides() -> None:
    breaker = Breaker()
    breaker.failed(GONE)
    with clock.ahead_by(timedelta(minutes=31)):
        assert [breaker.lets_through(), breaker.lets_through()] == [True, False]
        assert breaker.failed(DOWN)
        assert not breaker.lets_through()
        with clock.ahead_by(timedelta(minutes=6)):
            assert breaker.lets_through()
            # The person stopped the answer: another request decides.
            assert breaker.failed(None)
            assert breaker.lets_through()
            assert breaker.succeeded()
            assert breaker.lets_through()
