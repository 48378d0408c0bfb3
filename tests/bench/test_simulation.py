"""The simulated queue keeps the rules of the real one."""

from bench.scale import PROVISIONED_RAMP, STANDARD_RAMP, WARM_UP_S, Rise, Scenario, simulate
from bench.spread import percentile


def test_the_same_seed_gives_the_same_figures() -> None:
    scenario = Scenario(per_second=20, environments=30)
    assert simulate(scenario, seconds=50) == simulate(scenario, seconds=50)


def test_nobody_waits_while_environments_are_free() -> None:
    found = simulate(Scenario(per_second=5, environments=500), seconds=60)
    # But for those who write again before they are answered.
    assert sum(wait == 0 for wait in found.waits) > 0.9 * len(found.waits)
    assert set(found.batches) == {1}


def test_batches_fill_up_when_environments_are_few() -> None:
    found = simulate(Scenario(per_second=20, environments=5), seconds=60)
    assert found.most_busy == 5
    assert max(found.batches) == 10


def test_one_after_another_a_batch_answers_far_fewer() -> None:
    def left(*, side_by_side: bool) -> int:
        return simulate(Scenario(per_second=20, environments=20, side_by_side=side_by_side), seconds=60).left

    assert left(side_by_side=False) > 10 * max(1, left(side_by_side=True))


def test_a_rise_begins_with_the_environments_of_the_load_before_and_adds_some_each_minute() -> None:
    from_nothing = Rise(from_per_second=1, seconds=0, environments_per_minute=60)
    found = simulate(Scenario(per_second=100, environments=1000), from_nothing, seconds=WARM_UP_S + 30)
    assert 20 < found.most_busy < 50
    assert found.left > 0


def test_a_load_that_doubles_within_a_minute_leaves_nineteen_of_twenty_waiting_five_seconds_at_most() -> None:
    found = simulate(Scenario(per_second=60, environments=100), Rise(from_per_second=30, seconds=60))
    assert percentile(found.waits, 95) <= 5


def test_provisioned_pollers_shorten_the_wait_after_a_load_from_nothing() -> None:
    def wait(ramp: float) -> float:
        found = simulate(Scenario(per_second=100, environments=1000), Rise(1, 0, ramp), seconds=WARM_UP_S + 40)
        return percentile(found.waits, 95)

    assert wait(PROVISIONED_RAMP) < wait(STANDARD_RAMP) / 2
