"""The estimated cost of an answer."""

import pytest

from functions.llm_reply.llm.prices import PRICES, Price

LUNA = PRICES["gpt-6-luna"]


def test_a_thousand_answers_of_the_default_model_cost_as_much_as_its_price_list_says() -> None:
    assert 1000 * LUNA.of({"input": 3000, "cached": 0, "written": 0, "output": 250}) == pytest.approx(0.425)


def test_tokens_from_the_cache_and_into_it_have_prices_of_their_own() -> None:
    price = Price.parse("1/0.1/1.25/10")
    assert price.of({"input": 1_000_000, "cached": 600_000, "written": 300_000, "output": 100_000}) == pytest.approx(
        0.1 * 1 + 0.6 * 0.1 + 0.3 * 1.25 + 0.1 * 10
    )


def test_tokens_that_a_server_does_not_report_cost_nothing() -> None:
    assert LUNA.of({"input": 10, "output": None}) == pytest.approx(10 * 0.10 / 1_000_000)
