"""A simulated flood of strangers, and the people who write meanwhile."""

from bench.spread import percentile
from bench.strangers import Flood, simulate


def test_a_flood_of_a_thousand_strangers_delays_nineteen_of_twenty_others_by_less_than_a_second() -> None:
    flood = Flood(strangers=1000, within_s=10)
    assert percentile(simulate(flood, gives_way=True).regulars, 95) < 1
    assert percentile(simulate(flood, gives_way=False).regulars, 95) > 10


def test_every_stranger_is_answered_in_the_end() -> None:
    found = simulate(Flood(strangers=300, within_s=1), gives_way=True)
    assert len(found.strangers) == 300
