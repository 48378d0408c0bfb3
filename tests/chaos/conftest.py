"""A world for each module here: the real stack, with functions in processes that can be killed."""

import shutil
import tempfile
from collections.abc import AsyncIterator
from pathlib import Path

import pytest_asyncio

from local.chaos.crowd import Echo
from local.chaos.fault_plan import FaultPlan
from local.chaos.pace import Pace
from local.chaos.running import running_world
from local.chaos.world import World


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def echo() -> AsyncIterator[Echo]:
    yield Echo()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def world(echo: Echo) -> AsyncIterator[World]:
    """One job per invocation, so that a killed worker affects one chat."""
    folder = Path(tempfile.mkdtemp(prefix="troupe-chaos-"))
    try:
        async with running_world(folder, FaultPlan(), echo, Pace(workers=12, batch_size=1)) as running:
            yield running
    finally:
        shutil.rmtree(folder)
