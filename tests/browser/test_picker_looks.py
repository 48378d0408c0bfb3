"""How the Mini App looks: its language, colours and room from the client, and what a first load weighs."""

import gzip
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, expect

from tests.browser.picker_client import DAY, NIGHT, picker
from tests.browser.picker_server import SITE, Answer, PickerServer

pytestmark = pytest.mark.asyncio(loop_scope="session")


@pytest.mark.parametrize(
    ("telegram", "browsers", "expected"),
    [
        ("ru", "en-GB", "ru"),
        ("en", "ru-RU", "en"),
        ("de", "ru-RU", "en"),
        (None, "ru-RU", "ru"),
        (None, "de", "en"),
        ("ru_RU", "en-GB", "ru"),
        ("RU-ru", "en-GB", "ru"),
        ("run", "ru-RU", "en"),
    ],
)
async def test_the_language_is_the_persons_in_telegram_else_the_browsers(
    browser: Browser, server: PickerServer, telegram: str | None, browsers: str, expected: str
) -> None:
    async with picker(browser, locale=browsers) as opened:
        page = await opened.opens_list(server.url, telegram)
        titles = {"ru": "С кем хотите поговорить?", "en": "Who would you like to talk to?"}
        await expect(page.get_by_role("heading", level=1)).to_have_text(titles[expected])
        await expect(page.locator("html")).to_have_attribute("lang", expected)
        assert server.languages == [expected]


async def test_both_languages_say_the_same_things(browser: Browser, server: PickerServer) -> None:
    spelled_out = """async () => {
      const texts = await Promise.all(FILES.map((file) => import(`/texts/${file}`)));
      const paths = (part, path = "") => typeof part === "string"
        ? [[path, ...(part.match(/\\{\\w+\\}/g) ?? [])].join(" ")]
        : Object.entries(part).flatMap(([key, inner]) => paths(inner, `${path}/${key}`));
      return ["en", "ru"].map((language) => texts.map(({ TEXTS }) => paths(TEXTS[language])));
    }"""
    files = sorted(file.name for file in (SITE / "texts").iterdir() if "TEXTS" in file.read_text())
    spelled_out = spelled_out.replace("FILES", str(files))
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        english, russian = await page.evaluate(spelled_out)
        assert english == russian


async def test_colours_come_with_the_launch_and_change_with_the_client(browser: Browser, server: PickerServer) -> None:
    background = "getComputedStyle(document.documentElement).backgroundColor"
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url, theme=DAY)
        assert await page.evaluate(background) == "rgb(239, 239, 244)"
        assert await opened.theme_variable("color-scheme") == "light"
        await opened.client_says("theme_changed", {"theme_params": NIGHT})
        assert await page.evaluate(background) == "rgb(35, 46, 60)"
        assert await opened.theme_variable("color-scheme") == "dark"
        assert await opened.theme_variable("--tg-theme-hint-color") == "#708499"
        assert ("web_app_set_background_color", {"color": "#232e3c"}) in await opened.sent()


async def test_a_theme_value_that_is_no_colour_is_ignored(browser: Browser, server: PickerServer) -> None:
    hostile = {"bg_color": "red; background: url(//evil.example)", "text_color": 7, "hint_color": None}
    async with picker(browser) as opened:
        await opened.opens_list(server.url, theme=hostile)
        assert await opened.theme_variable("--tg-theme-bg-color") == ""
        assert await opened.theme_variable("--tg-theme-text-color") == ""


async def test_nothing_shifts_when_avatars_and_mark_arrive(browser: Browser, server: PickerServer) -> None:
    server.current = "mario"
    shifts = "window.shifted = 0; new PerformanceObserver((list) => list.getEntries().forEach((entry) => {"
    shifts += "window.shifted += entry.value; })).observe({ type: 'layout-shift', buffered: true });"
    async with picker(browser) as opened:
        await opened.page.add_init_script(shifts)
        page = await opened.opens_list(server.url)
        await expect(page.locator("[aria-current]")).to_have_count(1)
        await page.locator("img").evaluate_all("(images) => Promise.all(images.map((image) => image.decode()))")
        assert await page.evaluate("shifted") == 0


async def test_insets_of_the_client_keep_the_page_clear(browser: Browser, server: PickerServer) -> None:
    padding = "getComputedStyle(document.body).paddingTop"
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        assert await page.evaluate(padding) == "16px"
        await opened.client_says("safe_area_changed", {"top": 40, "right": 0, "bottom": 30, "left": 0})
        await opened.client_says("content_safe_area_changed", {"top": 46, "right": 0, "bottom": 0, "left": 0})
        assert await page.evaluate(padding) == "102px"
        assert await page.evaluate("getComputedStyle(document.body).paddingBottom") == "46px"


async def test_a_notice_fills_the_height_the_client_names(browser: Browser, server: PickerServer) -> None:
    server.script("/api/characters", Answer(500))
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await opened.client_says("viewport_changed", {"height": 500, "is_state_stable": False, "is_expanded": True})
        assert await opened.theme_variable("--tg-viewport-stable-height") == ""
        await opened.client_says("viewport_changed", {"height": 500, "is_state_stable": True, "is_expanded": True})
        box = await page.locator(".notice").bounding_box()
        assert box is not None
        assert box["height"] == 500 - 32


async def test_the_first_load_weighs_less_than_twenty_four_kilobytes_without_portraits(
    browser: Browser, server: PickerServer
) -> None:
    async with picker(browser) as opened:
        await opened.opens_list(server.url)
        names = [urlsplit(url).path[1:] or "index.html" for url in opened.requested]
        own = {name for name in names if not name.startswith(("api/", "avatars/"))}
        assert own >= {"index.html", "styles/page.css", "app.js", "texts/list.js"}
        assert sum(len(gzip.compress((SITE / name).read_bytes())) for name in own) < 24_000
