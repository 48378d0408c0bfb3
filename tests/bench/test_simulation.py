"""The simulated queue keeps the rules of the real one."""

from bench.scale import Scenario, simulate


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
