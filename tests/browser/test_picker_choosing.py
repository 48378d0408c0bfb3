"""Choosing a character in the Mini App."""

import asyncio

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.picker_client import Picker, init_data, launch_hash, picker
from tests.browser.picker_server import Answer, PickerServer, character

pytestmark = pytest.mark.asyncio(loop_scope="module")

CLOSE = ("web_app_close", "")


async def open_cast(opened: Picker, server: PickerServer) -> Page:
    await opened.page.goto(f"{server.url}/{launch_hash(init_data())}")
    await expect(opened.page.get_by_role("button").first).to_be_visible()
    return opened.page


async def test_every_character_is_shown_with_its_line_and_tags(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await open_cast(opened, server)
        await expect(page.locator(".card .name")).to_have_text(["Mario", "Albert Einstein", "Ada Lovelace"])
        einstein = page.get_by_role("button", name="Albert Einstein")
        await expect(einstein.locator(".tagline")).to_have_text("Thinks in trains and elevators, laughs easily.")
        await expect(einstein.locator(".tag")).to_have_text(["science"])
        assert await einstein.locator("img").evaluate("async (image) => { await image.decode(); return true }")


async def test_the_current_character_is_marked_for_eye_and_ear(browser: Browser, server: PickerServer) -> None:
    server.current = "einstein"
    async with picker(browser) as opened:
        page = await open_cast(opened, server)
        current = page.locator("[aria-current=true]")
        await expect(current.locator(".name")).to_have_text("Albert Einstein")
        await expect(current).to_have_attribute("aria-description", "You are talking with this character now")
        await expect(page.locator(".tick:visible")).to_have_count(1)
        assert server.posted == [("/api/me", {"init_data": init_data()})]


async def test_the_list_is_usable_before_the_page_knows_the_chosen_character(
    browser: Browser, server: PickerServer
) -> None:
    server.script("/api/me", Answer(503))
    async with picker(browser) as opened:
        page = await open_cast(opened, server)
        await page.get_by_role("button", name="Mario").click()
        await opened.wait_for_sent("web_app_close")
        assert await page.locator(".notice").count() == 0


async def test_a_tap_posts_init_data_and_choice_then_closes(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await open_cast(opened, server)
        await page.get_by_role("button", name="Ada Lovelace").click()
        await opened.wait_for_sent("web_app_close")
        assert server.selections() == [{"init_data": init_data(), "character_id": "ada"}]
        await expect(page.get_by_role("status")).to_have_text("Ada Lovelace is waiting for you in the chat.")
        assert ("web_app_trigger_haptic_feedback", {"type": "selection_change"}) in await opened.sent()


async def test_the_chosen_card_is_busy_and_the_page_open_until_the_answer(
    browser: Browser, server: PickerServer
) -> None:
    answered = asyncio.Event()
    server.script("/api/select", Answer(after=answered))
    async with picker(browser) as opened:
        page = await open_cast(opened, server)
        await page.get_by_role("button", name="Mario").click()
        await expect(page.locator("[aria-busy=true] .name")).to_have_text("Mario")
        await expect(page.get_by_role("status")).to_have_text("Calling Mario…")
        await expect(page.locator("[aria-disabled=true]")).to_have_count(3)
        assert CLOSE not in await opened.sent()
        answered.set()
        await opened.wait_for_sent("web_app_close")


async def test_a_double_click_is_one_request(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await open_cast(opened, server)
        await page.get_by_role("button", name="Mario").dblclick()
        await page.get_by_role("button", name="Ada Lovelace").click(force=True)
        await opened.wait_for_sent("web_app_close")
        assert [choice["character_id"] for choice in server.selections()] == ["mario"]
        assert (await opened.sent()).count(CLOSE) == 1


async def test_a_page_that_stays_open_takes_the_next_choice(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await open_cast(opened, server)
        for name in ("Mario", "Ada Lovelace", "Mario"):
            await page.get_by_role("button", name=name).click()
            await expect(page.get_by_role("status")).to_have_text(f"{name} is waiting for you in the chat.")
            await expect(page.locator("[aria-current] .name")).to_have_text(name)
        assert [choice["character_id"] for choice in server.selections()] == ["mario", "ada", "mario"]
        assert (await opened.sent()).count(CLOSE) == 3


async def test_a_page_that_is_shown_again_forgets_what_it_said_and_knows_what_was_chosen_meanwhile(
    browser: Browser, server: PickerServer
) -> None:
    async with picker(browser) as opened:
        page = await open_cast(opened, server)
        await page.get_by_role("button", name="Mario").click()
        await opened.wait_for_sent("web_app_close")
        server.current = "einstein"
        await opened.client_says("visibility_changed", {"is_visible": False})
        await opened.client_says("visibility_changed", {"is_visible": True})

        await expect(page.get_by_role("status")).to_have_text("")
        await expect(page.locator("[aria-current] .name")).to_have_text("Albert Einstein")
        await page.get_by_role("button", name="Ada Lovelace").click()
        await expect(page.get_by_role("status")).to_have_text("Ada Lovelace is waiting for you in the chat.")


async def test_being_shown_again_does_not_break_off_a_choice_on_its_way(browser: Browser, server: PickerServer) -> None:
    answered = asyncio.Event()
    server.script("/api/select", Answer(after=answered))
    async with picker(browser) as opened:
        page = await open_cast(opened, server)
        await page.get_by_role("button", name="Mario").click()
        await opened.client_says("visibility_changed", {"is_visible": True})
        await expect(page.get_by_role("status")).to_have_text("Calling Mario…")
        await expect(page.locator("[aria-disabled=true]")).to_have_count(3)
        answered.set()
        await opened.wait_for_sent("web_app_close")


async def test_the_keyboard_alone_reaches_and_chooses_a_card(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await open_cast(opened, server)
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        focused = page.locator(":focus-visible")
        await expect(focused.locator(".name")).to_have_text("Albert Einstein")
        assert await focused.evaluate("(card) => getComputedStyle(card).outlineStyle") == "solid"
        await page.keyboard.press("Enter")
        await opened.wait_for_sent("web_app_close")
        assert [choice["character_id"] for choice in server.selections()] == ["einstein"]


async def test_markup_in_a_character_is_shown_as_text(browser: Browser, server: PickerServer) -> None:
    hostile = "<img src=x onerror=window.owned=1> $&"
    server.cast = {"en": [character("evil", hostile, f"{hostile} </span>", hostile)]}
    server.script("/api/select", Answer(404))
    async with picker(browser) as opened:
        page = await open_cast(opened, server)
        await expect(page.locator(".name")).to_have_text(hostile)
        await page.get_by_role("button").click()
        await expect(page.get_by_role("status")).to_have_text(
            f"{hostile} has left the cast. Please choose someone else."
        )
        assert await page.evaluate("window.owned") is None


async def test_a_missing_avatar_becomes_the_initial(browser: Browser, server: PickerServer) -> None:
    server.missing_avatars = {"ada"}
    async with picker(browser) as opened:
        page = await open_cast(opened, server)
        await expect(page.locator(".initial")).to_have_text("A")
        await expect(page.locator(".face img")).to_have_count(2)
