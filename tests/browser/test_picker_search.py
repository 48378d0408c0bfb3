"""Finding a character in the Mini App: words, tags, those chosen lately, and a list of five hundred."""

import pytest
from playwright.async_api import Browser, expect

from tests.browser.picker_client import picker
from tests.browser.picker_server import CAST, Json, PickerServer, character

pytestmark = pytest.mark.asyncio(loop_scope="session")


def many(count: int) -> list[Json]:
    tags = ["adventure", "science", "history"]
    return [character(f"c{n}", f"Person {n}", f"The line of number {n}.", tags[n % 3]) for n in range(count)]


@pytest.mark.parametrize(
    ("typed", "found"),
    [
        ("ФЕДОР", ["Фёдор", "Алёна"]),
        ("йод", ["Алёна"]),
        ("poesie anna", ["Anna"]),
        ("  ", ["Фёдор", "Алёна", "Anna"]),
        ("Theodore", ["Фёдор"]),
        ("nobody", []),
    ],
)
async def test_words_are_found_in_names_lines_and_tags_in_any_case_and_without_accents(
    browser: Browser, server: PickerServer, typed: str, found: list[str]
) -> None:
    alena = character("alena", "Алёна", "Сестра Федора, любит йод.")
    fedor = {**character("fedor", "Фёдор", "Писатель."), "also": ["Theodore"]}
    server.cast = {"en": [alena, fedor, character("anna", "Anna", "A line.", "poésie")]}
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await page.get_by_role("searchbox").fill(typed)
        await expect(page.locator(".row .name")).to_have_text(found if typed.strip() else ["Алёна", "Фёдор", "Anna"])
        await expect(page.locator(".nobody")).to_be_visible(visible=not found)
        if typed.strip():
            await expect(page.get_by_role("status")).to_have_text(f"Found: {len(found)}")


async def test_tags_narrow_the_list_together_and_again_widen_it(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await page.get_by_role("button", name="science", exact=True).click()
        await expect(page.locator(".row .name")).to_have_text(["Albert Einstein", "Ada Lovelace"])
        await page.get_by_role("button", name="poetry", exact=True).click()
        await expect(page.locator(".row .name")).to_have_text(["Ada Lovelace"])
        await expect(page.locator(".chip[aria-pressed=true]")).to_have_text(["science", "poetry"])
        await page.get_by_role("button", name="science", exact=True).click()
        await page.get_by_role("button", name="poetry", exact=True).click()
        await expect(page.locator(".row[data-character]")).to_have_count(3)


async def test_the_search_is_emptied_with_its_button(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await expect(page.get_by_role("button", name="Clear")).to_be_hidden()
        await page.get_by_role("searchbox").fill("ada")
        await expect(page.locator(".row[data-character]")).to_have_count(1)
        await page.get_by_role("button", name="Clear").click()
        await expect(page.locator(".row[data-character]")).to_have_count(3)
        await expect(page.get_by_role("searchbox")).to_be_focused()


async def test_characters_chosen_lately_come_first_and_are_there_at_once_the_next_time(
    browser: Browser, server: PickerServer
) -> None:
    server.current, server.recent = "ada", [CAST["en"][2], CAST["en"][0]]
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await expect(page.locator(".recent .name")).to_have_text(["Ada Lovelace", "Mario"])
        await expect(page.locator(".recent [aria-current] .name")).to_have_text("Ada Lovelace")
        await page.get_by_role("searchbox").fill("ein")
        await expect(page.locator(".recent")).to_be_hidden()
        await page.reload()
        await expect(page.locator(".recent .name")).to_have_text(["Ada Lovelace", "Mario"])


async def test_of_five_hundred_characters_those_near_the_screen_are_made(
    browser: Browser, server: PickerServer
) -> None:
    server.cast = {"en": many(500)}
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        assert await page.locator(".row[data-character]").count() < 120
        await page.get_by_role("searchbox").fill("499")
        await expect(page.locator(".row .name")).to_have_text(["Person 499"])
        await page.get_by_role("searchbox").fill("")
        await expect(page.locator(".row .name").first).to_have_text("Person 0")
        last = page.locator(".row", has_text="number 499.")
        while not await last.count():
            await page.mouse.wheel(0, 4000)
            await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
        await last.scroll_into_view_if_needed()
        await expect(last).to_be_in_viewport()
