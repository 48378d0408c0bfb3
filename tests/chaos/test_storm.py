"""A small `make chaos`: the same faults over fewer messages."""

import pytest

from local.chaos.pace import Pace
from local.chaos.run import Size, run

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(1200)]


async def test_nothing_is_lost_doubled_or_out_of_order_after_a_storm_of_faults() -> None:
    verdict = await run(Size(chats=12, messages=48, pace=Pace(workers=4)), seed=20_261_122, say=print)

    assert verdict.wrong == []
    assert verdict.messages == 48
    assert verdict.deaths > 0
    assert len(verdict.faults) > 5
