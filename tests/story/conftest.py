from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser

from tests.story.running import Run, chromium, running


@pytest.fixture(scope="module")
def run() -> Iterator[Run]:
    with running() as started:
        yield started


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as started:
        yield started
