"""A small `make chaos ARGS=--flood`."""

import pytest

from local.chaos.flood import Size, run
from local.chaos.pace import Pace

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]

# One worker, with batches of ten.
NARROW = Pace(workers=1, batch_size=10)


async def test_a_flood_costs_no_request_beyond_the_limits_loses_nothing_and_lets_known_people_pass() -> None:
    findings = await run(Size(forged=40, accounts=30, each=1, over_s=0, model_s=0.3, quiet_s=1, pace=NARROW), say=print)

    assert 0 < findings.asked <= findings.allowed
    assert findings.lost == 0
    assert all(findings.waits.values())
    # In one row with everybody, a person waits for all who came earlier, but for those of the same batch.
    assert findings.overtook["all accounts"] > NARROW.batch_size
