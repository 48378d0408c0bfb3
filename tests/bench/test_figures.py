"""The arithmetic between a measurement and the table it stands in."""

import pytest

from bench import caching
from bench.cost import Prices, bill, naive_bill, run
from bench.counts import Counts
from bench.durations import Durations
from bench.overhead import covered
from bench.spread import Spread, paired, percentile
from bench.table import show
from bench.tokens import Tokens


def test_a_spread_is_the_median_between_its_quartiles() -> None:
    assert Spread.of([5, 1, 3, 2, 4]) == Spread(2, 3, 4)
    assert Spread.of([7.0]) == Spread(7, 7, 7)


def test_a_slow_round_slows_both_sides_of_its_ratio() -> None:
    assert paired([2, 20, 2], [1, 10, 1]).show() == "2.00 [2.00, 2.00]"


@pytest.mark.parametrize(("percent", "value"), [(50, 2), (75, 3), (76, 4), (100, 4), (0, 1)])
def test_a_percentile_is_a_value_that_was_measured(percent: float, value: float) -> None:
    assert percentile([4, 2, 1, 3], percent) == value


def test_time_that_two_calls_cover_counts_once() -> None:
    assert covered([(0, 2), (1, 3), (5, 9)], (1, 6)) == 3
    assert covered([(0, 9), (2, 3)], (1, 6)) == 5
    assert covered([], (1, 6)) == 0


def test_a_book_takes_nothing_from_what_the_cache_serves() -> None:
    found = caching.measure()
    alone, with_book, at_newest, deep, first = found.values()

    assert alone.cached / alone.input > 0.8
    assert with_book.cached / with_book.input > 0.8
    assert at_newest.cached == pytest.approx(alone.cached, rel=0.02)
    assert with_book.cached > at_newest.cached > deep.cached > first.cached


def test_a_table_lines_up() -> None:
    assert show(["a", "bc"], [["1", "2"], ["333", "4"]]).splitlines() == [
        "| a   | bc |",
        "| --- | -- |",
        "| 1   | 2  |",
        "| 333 | 4  |",
    ]


def test_every_price_says_where_it_is_from() -> None:
    prices = Prices.read().values
    tables = {name: price for name, price in prices.items() if isinstance(price, dict)}
    priced = tables.keys() - {"assumed", "naive"}
    assert all(tables[name]["source"].startswith("https://") for name in priced)
    assert all(isinstance(tables[name]["verified"], bool) for name in priced)
    assert all(isinstance(tables[name]["free_verified"], bool) for name in priced if "free" in tables[name])


def test_a_bill_is_counts_times_prices() -> None:
    counts = Counts(turns=10, units_written=40, units_read=20, fifo_requests=30)
    counts.invocations.update(webhook=10, llm_reply=10)
    memory = {"webhook": 256, "llm_reply": 256, "analytics": 256}
    found = bill(
        Prices.read(), counts, Durations(webhook=0.02, reply=2, analytics=0.1, changes=100, change_bytes=0), memory
    )
    assert found["table writes"] == pytest.approx(4 * 0.625e-6 * 1000)
    assert found["table reads"] == pytest.approx(2 * 0.125e-6 * 1000)
    assert found["queue"] == pytest.approx(3 * 0.5e-6 * 1000)
    # A GB-second is what a fourth of a GB takes in four: here 2.1 s, Telegram's tenth included.
    assert found["reply function"] == pytest.approx((2.1 / 4 * 0.0000133334 + 0.2e-6) * 1000)


def test_a_batch_of_ten_shares_one_invocation() -> None:
    prices, memory = Prices.read(), {"webhook": 256, "llm_reply": 256, "analytics": 256}
    alone, together = Counts(turns=10), Counts(turns=10)
    alone.invocations.update(webhook=10, llm_reply=10)
    together.invocations.update(webhook=10, llm_reply=1)
    lasted = Durations(webhook=0.02, reply=2, analytics=0.1, changes=100, change_bytes=0)
    ratio = (
        bill(prices, alone, lasted, memory)["reply function"] / bill(prices, together, lasted, memory)["reply function"]
    )
    assert ratio == pytest.approx(10)


def test_memory_and_time_are_paid_for_by_their_product() -> None:
    prices = Prices.read()
    request = prices.dollars("lambda_request")
    assert run(prices, 512, 1) - request == pytest.approx(2 * (run(prices, 256, 1) - request))


def test_the_naive_design_has_a_row_for_all_that_it_pays() -> None:
    assert {"reply function", "table writes", "traces", "webhook"} <= naive_bill(Prices.read(), 2.0).keys()


def test_tokens_from_the_cache_cost_a_tenth() -> None:
    price = {"input": 1.0, "cached": 0.1, "written": 1.25, "output": 5.0}
    assert Tokens(input=100, cached=60, written=20, output=2).dollars(price) == pytest.approx(20 + 6 + 25 + 10)
