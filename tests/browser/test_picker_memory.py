"""The memory page and the page "why" of the Mini App."""

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.picker_client import DAY, NIGHT, Picker, picker
from tests.browser.picker_server import Answer, Json, PickerServer

pytestmark = pytest.mark.asyncio(loop_scope="session")

AT = 1_790_000_000_000
OSLO: Json = {
    "id": "0123456789abcdef", "kind": "people", "text": "Anna's sister Vera lives in Oslo.", "said_at": AT,
    "source": {"by": "person", "text": "My sister Vera lives in Oslo now."},
}  # fmt: skip
REMEMBERED: Json = {
    "name": "Mario",
    "pinned": [{"id": "aa", "text": "My goose is called Honk."}],
    "facts": [
        OSLO,
        OSLO | {"id": "bb", "kind": "promise", "text": "Mario promised to call on Sunday.", "source": None},
    ],
    "summary": "Anna and Mario met at the pipe.",
}
LINE: Json = {"turn": 7, "by": "person", "text": "My sister Vera lives in Oslo now.", "said_at": AT}
FOUND: Json = {"lines": [LINE, LINE | {"turn": 5, "by": "character", "text": "Oslo!"}], "next": 20, "is_whole": True}
WHY: Json = {
    "turn": 9, "said_at": AT, "asked": "Where does Vera live?", "answer": "In Oslo, of course.", "lines": [LINE],
    "facts": [OSLO], "pinned": 1, "has_summary": True,
}  # fmt: skip
EMPTY: Json = {"name": "Mario", "pinned": [], "facts": [], "summary": ""}
MARIO = {"character_id": "mario"}


async def opens_memory(opened: Picker, server: PickerServer, query: str = "?screen=memory&id=mario") -> Page:
    server.memories = {"memory/show": REMEMBERED, "memory/search": FOUND, "memory/why": WHY} | server.memories
    page = await opened.opens_list(server.url, query=query)
    await expect(page.locator(".memory .fact").first).to_be_visible()
    return page


async def agrees(opened: Picker) -> None:
    await opened.page.wait_for_function("() => sent.at(-1)[0] === 'web_app_open_popup'")
    await opened.client_says("popup_closed", {"button_id": "do"})


async def test_the_characters_page_leads_to_facts_by_kind_with_date_and_source(
    browser: Browser, server: PickerServer
) -> None:
    server.memories["memory/show"] = REMEMBERED
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        assert [url for url in opened.requested if "memor" in url] == []
        await opened.opens("Mario")
        await page.get_by_role("button", name="What they remember about you").click()
        await expect(page.get_by_role("heading", level=1)).to_have_text("What Mario remembers")
        captions = ["You asked to remember", "Your people", "Promises", "The story so far"]
        await expect(page.locator(".memory .caption")).to_have_text(captions)
        fact = page.get_by_role("listitem").filter(has_text="Anna's sister")
        await expect(fact.locator(".source")).to_have_text("You: “My sister Vera lives in Oslo now.”")
        await expect(fact.locator("time")).to_have_attribute("datetime", "2026-09-21T14:13:20.000Z")


async def test_facts_are_pinned_corrected_and_forgotten_by_keyboard(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await opens_memory(opened, server, "?screen=memory&id=mario&topic=4")
        about = MARIO | {"topic": 4}
        fact = page.get_by_role("listitem").filter(has_text="Anna's sister")
        await fact.get_by_role("button", name="Pin").click()
        await expect(page.get_by_role("status")).to_have_text("This will be remembered.")
        await fact.get_by_role("button", name="Correct").focus()
        await page.keyboard.press("Enter")
        await expect(page.get_by_label("How it really is")).to_be_focused()
        await page.get_by_label("How it really is").fill("Vera lives in Bergen.")
        await page.keyboard.press("Tab")
        async with page.expect_response("**/api/memory/show"):
            await page.keyboard.press("Enter")
        await page.get_by_label("Something to remember").fill("I keep bees")
        async with page.expect_response("**/api/memory/show"):
            await page.keyboard.press("Enter")
        pinned = server.sent("memory/pin")
        assert pinned == [
            about | {"fact": OSLO["id"], "words": OSLO["text"]},
            about | {"fact": OSLO["id"], "words": "Vera lives in Bergen."},
            about | {"words": "I keep bees"},
        ]
        await page.get_by_role("button", name="Forget", exact=True).nth(1).click()
        await opened.wait_for_sent("web_app_open_popup")
        await opened.client_says("popup_closed", {})
        await page.get_by_role("button", name="Forget", exact=True).nth(1).click()
        await agrees(opened)
        await expect(page.get_by_role("status")).to_have_text("Forgotten.")
        assert server.sent("memory/forget") == [about | {"fact": OSLO["id"]}]


async def test_all_is_forgotten_after_a_question(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await opens_memory(opened, server)
        server.memories["memory/show"] = EMPTY
        await page.get_by_role("button", name="Forget everything").click()
        await agrees(opened)
        await expect(page.get_by_role("status")).to_contain_text("The chat says when it is done.")
        await expect(page.locator(".nothing")).to_have_text("Nothing beyond what you have said lately.")
        assert server.sent("memory/forget_all") == [MARIO]


async def test_lines_are_searched_page_by_page_and_forgotten(browser: Browser, server: PickerServer) -> None:
    last = {"lines": [LINE | {"turn": 1, "text": "Oslo is far."}], "next": 0, "is_whole": False}
    async with picker(browser) as opened:
        page = await opens_memory(opened, server)
        await page.get_by_role("searchbox").fill("oslo")
        await expect(page.locator("section .fact .by b")).to_have_text(["You", "Mario"])
        server.script("/api/memory/search", Answer(body=last))
        await page.get_by_role("button", name="Show more").click()
        await expect(page.locator("section .fact")).to_have_count(3)
        await expect(page.locator("section .nothing")).to_contain_text("Only a part of this long conversation")
        await page.get_by_role("button", name="Forget", exact=True).last.click()
        await agrees(opened)
        await expect(page.locator("section .fact")).to_have_count(2)
        await expect(page.get_by_role("status")).to_have_text("Forgotten.")
        assert server.sent("memory/forget") == [MARIO | {"turn": 1}]
        assert [sent["skip"] for sent in server.sent("memory/search")] == [0, 20, 0]
        await page.get_by_role("button", name="Clear").click()
        await expect(page.get_by_text("The story so far")).to_be_visible()


async def test_an_answer_shows_what_it_was_made_from_and_leads_to_the_one_before(
    browser: Browser, server: PickerServer
) -> None:
    async with picker(browser) as opened:
        page = await opens_memory(opened, server)
        await page.get_by_role("button", name="Why did you say that?").click()
        await expect(page.locator(".memory:visible .caption")).to_have_text(
            ["The answer", "Known about you", "What came to mind"]
        )
        server.script("/api/memory/why", Answer(404, {"error": "nothing_there"}))
        await page.get_by_role("button", name="An earlier answer").click()
        await expect(page.get_by_text("There is no answer here to look into yet.")).to_be_visible()
        assert server.sent("memory/why") == [MARIO, MARIO | {"before": 9}]


async def test_a_refused_change_says_why_and_a_page_that_did_not_load_can_be_asked_for_again(
    browser: Browser, server: PickerServer
) -> None:
    server.script("/api/memory/show", Answer(503))
    server.script("/api/memory/pin", Answer(409, {"error": "too_many_facts"}))
    server.memories["memory/show"] = REMEMBERED
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url, query="?screen=memory&id=mario")
        await page.get_by_role("button", name="Try again").click()
        await page.get_by_role("button", name="Pin").first.click()
        await expect(page.get_by_role("status")).to_contain_text("Forget something pinned first.")


@pytest.mark.parametrize(("theme", "language"), [(DAY, "en"), (NIGHT, "ru")], ids=["day", "night"])
@pytest.mark.parametrize("screen", ["memory", "why"])
async def test_axe_finds_nothing_in_the_memory_and_nothing_scrolls_sideways(
    browser: Browser, server: PickerServer, theme: dict[str, str], language: str, screen: str
) -> None:
    long = OSLO | {"id": "cc", "text": "Достопримечательность" * 9, "source": {"by": "character", "text": "да" * 90}}
    server.memories = {"memory/show": REMEMBERED | {"facts": [OSLO, long]}, "memory/why": WHY, "memory/search": FOUND}
    async with picker(browser, viewport={"width": 320, "height": 640}) as opened:
        page = await opened.opens_list(server.url, language, query=f"?screen={screen}&id=mario", theme=theme)
        await expect(page.locator(".fact").first).to_be_visible()
        if screen == "memory":
            await page.locator(".doing button").nth(0).click()
            await page.locator(".pinning .action").click()
        assert await opened.violations() == ""
        await page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        assert await page.evaluate("document.documentElement.scrollWidth") == 320
