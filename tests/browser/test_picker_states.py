"""The Mini App while characters load, and when there are none."""

import asyncio

import pytest
from playwright.async_api import Browser, expect

from tests.browser.picker_client import init_data, launch_hash, picker
from tests.browser.picker_server import Answer, PickerServer

pytestmark = pytest.mark.asyncio(loop_scope="session")


def launched(server: PickerServer) -> str:
    return f"{server.url}/{launch_hash(init_data())}"


async def test_placeholders_stand_until_a_slow_cast_arrives(browser: Browser, server: PickerServer) -> None:
    arrives = asyncio.Event()
    server.script("/api/characters", Answer(after=arrives))
    async with picker(browser) as opened:
        page = opened.page
        await page.clock.install()
        await page.goto(launched(server))
        await page.clock.fast_forward(5_000)
        await expect(page.locator(".row.placeholder")).to_have_count(6)
        await expect(page.get_by_role("status")).to_have_text("The cast is getting ready…")
        arrives.set()
        await expect(page.locator(".row[data-character]")).to_have_count(3)
        await expect(page.locator(".row.placeholder")).to_have_count(0)


async def test_a_cast_that_never_arrives_is_given_up_after_ten_seconds(browser: Browser, server: PickerServer) -> None:
    server.script("/api/characters", Answer(after=asyncio.Event()))
    async with picker(browser) as opened:
        page = opened.page
        await page.clock.install()
        async with page.expect_request("**/api/characters*"):
            await page.goto(launched(server))
        await page.clock.fast_forward(10_000)
        await expect(page.get_by_role("heading", level=1)).to_have_text("The curtain is stuck")


@pytest.mark.parametrize(
    "answer",
    [Answer(500), Answer(404), Answer(200, {"surprise": True}), Answer(200, {"characters": [None]})],
    ids=["server error", "not found", "another shape", "broken character"],
)
async def test_a_cast_that_can_not_be_read_offers_a_retry_that_works(
    browser: Browser, server: PickerServer, answer: Answer
) -> None:
    server.script("/api/characters", answer)
    async with picker(browser) as opened:
        page = opened.page
        await page.goto(launched(server))
        await expect(page.get_by_role("heading", level=1)).to_have_text("The curtain is stuck")
        await expect(page.get_by_role("status")).to_have_text("The curtain is stuck")
        await page.get_by_role("button", name="Try again").click()
        await expect(page.locator(".row[data-character]")).to_have_count(3)


async def test_a_retry_by_keyboard_leaves_the_focus_at_the_cast(browser: Browser, server: PickerServer) -> None:
    server.script("/api/characters", Answer(500))
    async with picker(browser) as opened:
        page = opened.page
        await page.goto(launched(server))
        await page.get_by_role("button", name="Try again").press("Enter")
        await expect(page.locator(".row[data-character]")).to_have_count(3)
        await expect(page.get_by_role("main")).to_be_focused()
        await page.keyboard.press("Tab")
        await expect(page.get_by_role("searchbox")).to_be_focused()


async def test_an_empty_cast_is_told_and_may_be_looked_at_again(browser: Browser, server: PickerServer) -> None:
    server.script("/api/characters", Answer(200, {"characters": []}))
    async with picker(browser) as opened:
        page = opened.page
        await page.goto(launched(server))
        await expect(page.get_by_role("heading", level=1)).to_have_text("Nobody on stage yet")
        await page.get_by_role("button", name="Look again").click()
        await expect(page.locator(".row[data-character]")).to_have_count(3)


async def test_offline_is_told_and_the_cast_comes_back_with_the_connection(
    browser: Browser, server: PickerServer
) -> None:
    server.script("/api/characters", Answer(500))
    async with picker(browser) as opened:
        page = opened.page
        await page.goto(launched(server))
        await expect(page.get_by_role("heading", level=1)).to_have_text("The curtain is stuck")
        await page.context.set_offline(offline=True)
        await page.get_by_role("button", name="Try again").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
        await page.get_by_role("button", name="Try again").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("No connection")
        await page.context.set_offline(offline=False)
        await expect(page.locator(".row[data-character]")).to_have_count(3)


@pytest.mark.parametrize("fragment", ["", "#cast", "#tgWebAppData=&tgWebAppVersion=9.6"])
async def test_outside_telegram_the_page_says_where_it_belongs(
    browser: Browser, server: PickerServer, fragment: str
) -> None:
    async with picker(browser, locale="en-GB") as opened:
        page = opened.page
        await page.goto(f"{server.url}/{fragment}")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Troupe lives in Telegram")
        await expect(page.get_by_role("button")).to_have_count(0)
        assert [url for url in opened.requested if "/api/" in url] == []


async def test_stale_init_data_asks_to_reopen_before_anything_is_tapped(browser: Browser, server: PickerServer) -> None:
    server.script("/api/me", Answer(401, {"error": "stale_init_data", "message": "Open the page again."}))
    async with picker(browser) as opened:
        page = opened.page
        await page.goto(launched(server))
        await expect(page.get_by_role("heading", level=1)).to_have_text("Please open the cast again")
        await page.get_by_role("button", name="Back to the chat").click()
        await opened.wait_for_sent("web_app_close")
        assert server.selections() == []
