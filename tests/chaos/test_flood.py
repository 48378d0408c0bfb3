"""A small `make chaos ARGS=--flood`."""

import pytest

from local.chaos.flood import Size, run

pytestmark = [pytest.mark.asyncio(loop_scope="session"), pytest.mark.timeout(600)]


async def test_a_flood_costs_no_request_to_the_model_beyond_the_limits_and_loses_nothing() -> None:
    findings = await run(Size(forged=60, accounts=10, each=4), say=print)

    assert 0 < findings.requests <= findings.allowed
    assert findings.lost == 0
    assert all(findings.waits.values())
