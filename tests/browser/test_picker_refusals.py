"""A choice in the Mini App that comes to nothing: it is explained, and may be made again."""

import asyncio

import pytest
from playwright.async_api import Browser, expect

from tests.browser.picker_client import picker
from tests.browser.picker_server import Answer, PickerServer

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLOSE = ("web_app_close", "")


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (404, "Mario has left the cast. Please choose someone else."),
        (422, "That did not work. Please try once more."),
        (500, "That did not work. Please try once more."),
    ],
)
async def test_a_refused_choice_is_explained_and_may_be_repeated(
    browser: Browser, server: PickerServer, status: int, words: str
) -> None:
    server.script("/api/select", Answer(status))
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await opened.opens("Mario")
        await opened.presses_main()
        await expect(page.get_by_role("status")).to_have_text(words)
        await expect(page.get_by_role("status")).to_be_in_viewport(ratio=1)
        assert (await opened.shows_main())["is_active"]
        assert CLOSE not in await opened.sent()
        await opened.presses_main()
        await opened.wait_for_sent("web_app_close")


async def test_a_choice_made_offline_says_so_and_may_be_repeated(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await opened.opens("Mario")
        await page.context.set_offline(offline=True)
        await opened.presses_main()
        await expect(page.get_by_role("status")).to_contain_text("No connection")
        await page.context.set_offline(offline=False)
        await opened.presses_main()
        await opened.wait_for_sent("web_app_close")


async def test_a_choice_without_an_answer_is_given_up_after_ten_seconds(browser: Browser, server: PickerServer) -> None:
    server.script("/api/select", Answer(after=asyncio.Event()))
    async with picker(browser) as opened:
        await opened.page.clock.install()
        page = await opened.opens_list(server.url)
        await opened.opens("Mario")
        async with page.expect_request("**/api/select"):
            await opened.presses_main()
        await page.clock.fast_forward(10_000)
        await expect(page.get_by_role("status")).to_have_text("That did not work. Please try once more.")


async def test_init_data_refused_at_the_choice_asks_to_reopen(browser: Browser, server: PickerServer) -> None:
    server.script("/api/select", Answer(401))
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await opened.opens("Mario")
        await opened.presses_main()
        await expect(page.get_by_role("heading", level=1)).to_have_text("Please open the cast again")
        await page.get_by_role("button", name="Back to the chat").click()
        await opened.wait_for_sent("web_app_close")


async def test_a_character_that_is_gone_says_so_and_can_not_be_chosen(browser: Browser, server: PickerServer) -> None:
    server.script("/api/character", Answer(404))
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await page.locator(".row", has_text="Mario").click()
        await expect(page.get_by_role("status")).to_have_text("Mario has left the cast. Please choose someone else.")
        main = [data for kind, data in await opened.sent() if kind == "web_app_setup_main_button"]
        assert not main[-1]["is_visible"]


async def test_a_page_that_did_not_load_can_be_loaded_again_and_used(browser: Browser, server: PickerServer) -> None:
    server.script("/api/character", Answer(503))
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await opened.opens("Mario")
        await page.get_by_role("button", name="Try again").click()
        await expect(page.locator(".bubble")).to_be_visible()
        await opened.presses_main()
        await opened.wait_for_sent("web_app_close")
