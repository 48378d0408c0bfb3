"""A choice in the Mini App that comes to nothing: it is explained, and the card is usable again."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.picker_client import Picker, init_data, launch_hash, picker
from tests.browser.picker_server import Answer, PickerServer

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLOSE = ("web_app_close", "")


async def open_cast(opened: Picker, server: PickerServer) -> Page:
    await opened.page.goto(f"{server.url}/{launch_hash(init_data())}")
    await expect(opened.page.get_by_role("button").first).to_be_visible()
    return opened.page


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "Mario has left the cast. Please choose someone else."),
        (422, "That did not work. Please tap Mario once more."),
        (500, "That did not work. Please tap Mario once more."),
    ],
)
async def test_a_refused_choice_is_explained_and_may_be_repeated(
    browser: Browser, server: PickerServer, status: int, words: str
) -> None:
    server.script("/api/select", Answer(status))
    async with picker(browser) as opened:
        page = await open_cast(opened, server)
        await page.keyboard.press("Tab")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("status")).to_have_text(words)
        await expect(page.get_by_role("status")).to_be_in_viewport(ratio=1)
        await expect(page.locator("[aria-busy], [aria-disabled]")).to_have_count(0)
        await expect(page.get_by_role("button", name="Mario")).to_be_focused()
        assert CLOSE not in await opened.sent()
        await page.keyboard.press("Enter")
        await opened.wait_for_sent("web_app_close")


async def test_a_choice_made_offline_says_so_and_may_be_repeated(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await open_cast(opened, server)
        await page.context.set_offline(offline=True)
        await page.get_by_role("button", name="Mario").click()
        await expect(page.get_by_role("status")).to_contain_text("No connection")
        await page.context.set_offline(offline=False)
        await page.get_by_role("button", name="Mario").click()
        await opened.wait_for_sent("web_app_close")


async def test_a_choice_without_an_answer_is_given_up_after_ten_seconds(browser: Browser, server: PickerServer) -> None:
    server.script("/api/select", Answer(after=asyncio.Event()))
    async with picker(browser) as opened:
        await opened.page.clock.install()
        page = await open_cast(opened, server)
        async with page.expect_request("**/api/select"):
            await page.get_by_role("button", name="Mario").click()
        await page.clock.fast_forward(10_000)
        await expect(page.get_by_role("status")).to_have_text("That did not work. Please tap Mario once more.")


async def test_init_data_refused_at_the_choice_asks_to_reopen(browser: Browser, server: PickerServer) -> None:
    server.script("/api/select", Answer(401))
    async with picker(browser) as opened:
        page = await open_cast(opened, server)
        await page.get_by_role("button", name="Mario").click()
        await expect(page.get_by_role("heading")).to_have_text("Please open the cast again")
        await page.get_by_role("button", name="Back to the chat").click()
        await opened.wait_for_sent("web_app_close")
