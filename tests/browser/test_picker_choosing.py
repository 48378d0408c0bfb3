"""From the list of the Mini App to a character's page, and to the chat."""

import asyncio

import pytest
from playwright.async_api import Browser, expect

from tests.browser.picker_client import init_data, picker
from tests.browser.picker_server import CAST, Answer, PickerServer, character

pytestmark = pytest.mark.asyncio(loop_scope="session")

CLOSE = ("web_app_close", "")


async def test_every_character_is_shown_with_its_line_and_tags(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await expect(page.locator(".row .name")).to_have_text(["Mario", "Albert Einstein", "Ada Lovelace"])
        ada = page.locator(".row", has_text="Ada Lovelace")
        await expect(ada.locator(".tagline")).to_have_text("Wrote the first program, dreams of the second.")
        await expect(ada.locator(".tags")).to_have_text("science · poetry")
        assert await ada.locator("img").evaluate("async (image) => { await image.decode(); return true }")


async def test_the_current_character_is_marked_for_eye_and_ear(browser: Browser, server: PickerServer) -> None:
    server.current = "einstein"
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        current = page.locator("[aria-current=true]")
        await expect(current.locator(".name")).to_have_text("Albert Einstein")
        await expect(current).to_have_attribute("aria-description", "You are talking with this character now")
        await expect(page.locator(".row[data-character] > .icon:visible")).to_have_count(1)
        assert server.posted == [("/api/me", {"init_data": init_data(), "language": "en"})]


async def test_a_page_shows_a_character_before_one_commits(browser: Browser, server: PickerServer) -> None:
    greetings = ["*waves* Hi, {{user}}!", "<BOT> is **here**."]
    server.pages["ada"] = {"greetings": greetings, "notes": "Made on a train.\n<b>Be kind.</b>", "creator": "Grete"}
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await opened.opens("Ada Lovelace")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Ada Lovelace")
        await expect(page.locator(".bubble")).to_have_text("waves Hi, Жанна + Co!")
        await expect(page.locator(".bubble i")).to_have_text("waves")
        await expect(page.locator(".notes p")).to_have_text(["Made on a train.\n<b>Be kind.</b>", "Made by Grete"])
        await page.get_by_role("button", name="Next greeting").click()
        await expect(page.locator(".bubble")).to_have_text("Ada Lovelace is here.")
        await expect(page.locator(".bubble b")).to_have_text("here")
        assert (await opened.shows_main())["text"] == "Start chatting"
        assert server.selections() == []


async def test_the_main_button_posts_init_data_and_choice_then_closes(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await opened.opens("Ada Lovelace")
        await opened.presses_main()
        await opened.wait_for_sent("web_app_close")
        assert server.selections() == [{"init_data": init_data(), "language": "en", "character_id": "ada"}]
        await expect(page.get_by_role("status")).to_have_text("Ada Lovelace is waiting for you in the chat.")


async def test_the_back_button_returns_to_the_list_as_it_was_left(browser: Browser, server: PickerServer) -> None:
    server.cast = {"en": [character(f"c{number}", f"Number {number}", "A line.") for number in range(30)]}
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await page.locator(".row", has_text="Number 17").click()
        await opened.shows_main()
        assert ("web_app_setup_back_button", {"is_visible": True}) in await opened.sent()
        await opened.presses_back()
        await expect(page.locator(".row", has_text="Number 17")).to_be_focused()
        await expect(page.locator(".row", has_text="Number 17")).to_be_in_viewport(ratio=1)
        back = [data for kind, data in await opened.sent() if kind == "web_app_setup_back_button"]
        assert back[-1] == {"is_visible": False}
        await opened.presses_back()
        await expect(page.locator(".list")).to_be_visible()


async def test_the_page_is_busy_and_open_until_the_answer(browser: Browser, server: PickerServer) -> None:
    answered = asyncio.Event()
    server.script("/api/select", Answer(after=answered))
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await opened.opens("Mario")
        await opened.presses_main()
        await expect(page.get_by_role("status")).to_have_text("Calling Mario…")
        main = await opened.shows_main()
        assert (main["is_progress_visible"], main["is_active"]) == (True, False)
        await opened.presses_main()
        await opened.client_says("visibility_changed", {"is_visible": True})
        assert CLOSE not in await opened.sent()
        answered.set()
        await opened.wait_for_sent("web_app_close")
        assert [choice["character_id"] for choice in server.selections()] == ["mario"]


async def test_a_page_that_stays_open_takes_the_next_choice(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        for name in ("Mario", "Ada Lovelace", "Mario"):
            await opened.opens(name)
            await opened.presses_main()
            await expect(page.get_by_role("status")).to_have_text(f"{name} is waiting for you in the chat.")
            await opened.presses_back()
            await expect(page.locator(".row[aria-current] .name")).to_have_text(name)
        assert [choice["character_id"] for choice in server.selections()] == ["mario", "ada", "mario"]


async def test_the_page_of_the_current_character_leads_back_to_the_chat(browser: Browser, server: PickerServer) -> None:
    server.current = "mario"
    async with picker(browser) as opened:
        await opened.opens_list(server.url)
        await opened.opens("Mario")
        assert (await opened.shows_main())["text"] == "Back to the chat"
        await opened.presses_main()
        await opened.wait_for_sent("web_app_close")
        assert server.selections() == []


async def test_a_page_that_is_shown_again_drops_its_message_and_shows_the_present_choice(
    browser: Browser, server: PickerServer
) -> None:
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await opened.opens("Mario")
        await opened.presses_main()
        await opened.wait_for_sent("web_app_close")
        server.current = "einstein"
        server.recent = CAST["en"][1:2]
        await opened.client_says("visibility_changed", {"is_visible": True})
        await expect(page.get_by_role("status")).to_have_text("")
        await opened.presses_back()
        await expect(page.locator(".row[aria-current] .name")).to_have_text("Albert Einstein")


async def test_the_keyboard_alone_reaches_a_character(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await page.get_by_role("searchbox").focus()
        for _ in range(20):
            await page.keyboard.press("Tab")
            if await page.locator(".row:focus-visible", has_text="Albert Einstein").count():
                break
        focused = page.locator(":focus-visible")
        assert await focused.evaluate("(row) => getComputedStyle(row).outlineStyle") == "solid"
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Albert Einstein")


async def test_a_link_opens_a_characters_page_over_the_list(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url, query="?screen=character&id=einstein")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Albert Einstein")
        await opened.presses_back()
        await expect(page.locator(".row[data-character]")).to_have_count(3)


async def test_markup_in_a_character_is_shown_as_text(browser: Browser, server: PickerServer) -> None:
    hostile = "<img src=x onerror=window.owned=1> $&{name}"
    server.cast = {"en": [character("evil", hostile, f"{hostile} </span>", hostile)]}
    server.pages["evil"] = {"greetings": [hostile], "notes": hostile, "creator": hostile}
    server.script("/api/select", Answer(404))
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await expect(page.locator(".row .name")).to_have_text(hostile)
        await page.locator(".row[data-character]").click()
        await expect(page.locator(".bubble")).to_have_text(hostile)
        await opened.presses_main()
        await expect(page.get_by_role("status")).to_have_text(
            f"{hostile} has left the cast. Please choose someone else."
        )
        assert await page.evaluate("window.owned") is None


async def test_a_missing_avatar_becomes_the_initial(browser: Browser, server: PickerServer) -> None:
    server.missing_avatars = {"ada"}
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await expect(page.locator(".initial")).to_have_text("A")
        await expect(page.locator(".face img")).to_have_count(2)
