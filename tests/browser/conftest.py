"""One Chromium for all these tests; a server of its own, with its own script, for each test."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, expect

from tests.browser.picker_client import chromium
from tests.browser.picker_server import PickerServer, picker_server

# Long for a page that is quick, because a machine with its hands full is not.
expect.set_options(timeout=90_000)


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def server() -> AsyncIterator[PickerServer]:
    async with picker_server() as server:
        yield server
