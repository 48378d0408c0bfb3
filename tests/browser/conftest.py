"""One Chromium for the module; a server of its own, with its own script, for each test."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser

from tests.browser.picker_client import chromium
from tests.browser.picker_server import PickerServer, picker_server


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium() as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def server() -> AsyncIterator[PickerServer]:
    async with picker_server() as server:
        yield server
