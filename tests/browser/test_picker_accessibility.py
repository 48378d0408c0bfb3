"""Everybody can read the Mini App: contrast, semantics, small screens, large letters, reduced motion."""

from itertools import combinations

import pytest
from playwright.async_api import Browser, expect

from tests.browser.picker_client import DAY, NIGHT, picker
from tests.browser.picker_server import Answer, PickerServer, character

pytestmark = pytest.mark.asyncio(loop_scope="session")

# How long words may get: a name and a line with hardly a place to break, and more tags than fit a row.
PAGE = {"greetings": ["*waves* Hello.", "Достопримечательность" * 9], "notes": "A long way. " * 40, "creator": "Grete"}
LONG = character("long", "Владимир-Всеволод Рождественский", "Достопримечательность" * 4, *["наука и жизнь"] * 6)


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_without_telegrams_colours_the_devices_scheme_is_followed(
    browser: Browser, server: PickerServer, scheme: str
) -> None:
    async with picker(browser, color_scheme=scheme) as opened:
        page = await opened.opens_list(server.url, theme={})
        expected = {"light": "rgb(239, 239, 244)", "dark": "rgb(16, 16, 19)"}
        assert await page.evaluate("getComputedStyle(document.documentElement).backgroundColor") == expected[scheme]
        assert await opened.violations() == ""


def some_of(theme: dict[str, str], *names: str) -> dict[str, str]:
    return {name: theme[name] for name in names}


SIX = ("bg_color", "text_color", "hint_color", "link_color", "button_color", "button_text_color")
FEW_COLOURS = {
    "six of the day": some_of(DAY, *SIX),
    "six of the night": some_of(NIGHT, *SIX),
    "a light background": some_of(DAY, "bg_color"),
    "a dark background": some_of(NIGHT, "bg_color"),
    "a dark page": some_of(NIGHT, "secondary_bg_color"),
    "white letters": some_of(NIGHT, "text_color"),
    "black letters": some_of(DAY, "text_color"),
    "a button": some_of(DAY, "button_color"),
}


@pytest.mark.parametrize("system", ["light", "dark"])
@pytest.mark.parametrize("theme", FEW_COLOURS)
async def test_a_page_with_few_colours_from_the_client_is_readable_in_both_schemes(
    browser: Browser, server: PickerServer, theme: str, system: str
) -> None:
    server.current = "mario"
    async with picker(browser, color_scheme=system) as opened:
        page = await opened.opens_list(server.url, theme=FEW_COLOURS[theme])
        await expect(page.locator("[aria-current]")).to_have_count(1)
        assert await opened.violations() == ""


@pytest.mark.parametrize(("theme", "language"), [(DAY, "en"), (NIGHT, "ru")], ids=["day", "night"])
async def test_axe_finds_nothing_in_the_cast(
    browser: Browser, server: PickerServer, theme: dict[str, str], language: str
) -> None:
    server.current = "mario"
    server.missing_avatars = {"ada"}
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url, language, theme=theme)
        await expect(page.locator("[aria-current]")).to_have_count(1)
        await expect(page.locator(".initial")).to_have_count(1)
        assert await opened.violations() == ""


@pytest.mark.parametrize("theme", [DAY, NIGHT], ids=["day", "night"])
async def test_axe_finds_nothing_on_a_characters_page_nor_in_a_refused_choice(
    browser: Browser, server: PickerServer, theme: dict[str, str]
) -> None:
    server.script("/api/select", Answer(500))
    server.pages["mario"] = PAGE
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url, theme=theme)
        await opened.opens("Mario")
        await opened.presses_main()
        await expect(page.locator("[data-tone=bad]")).to_be_visible()
        await page.get_by_role("button", name="Next greeting").click()
        assert await opened.violations() == ""


@pytest.mark.parametrize("theme", [DAY, NIGHT], ids=["day", "night"])
async def test_axe_finds_nothing_in_a_notice(browser: Browser, server: PickerServer, theme: dict[str, str]) -> None:
    server.script("/api/characters", Answer(500))
    async with picker(browser) as opened:
        await opened.opens_list(server.url, theme=theme)
        await expect(opened.page.locator(".notice")).to_be_visible()
        assert await opened.violations() == ""


async def test_every_tint_carries_its_white_initial(browser: Browser, server: PickerServer) -> None:
    ids = "abcdefg"  # seven neighbours: one of each tint
    server.cast = {"en": [character(letter, letter, "A line.") for letter in ids]}
    server.missing_avatars = set(ids)
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await expect(page.locator(".initial")).to_have_count(7)
        lumas = await page.locator(".initial").evaluate_all(
            """(faces) => faces.map((face) => {
              const linear = (part) => part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
              const parts = getComputedStyle(face).backgroundColor.match(/\\d+/g).map((part) => linear(part / 255));
              return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2];
            })"""
        )
        assert [luma for luma in lumas if 1.05 / (luma + 0.05) < 4.5] == []
        assert all(one != other for one, other in combinations(lumas, 2))


@pytest.mark.parametrize(
    ("width", "text_size"), [(320, "100%"), (360, "200%"), (320, "200%")], ids=["320", "360 at 200 %", "320 at 200 %"]
)
async def test_nothing_scrolls_sideways(browser: Browser, server: PickerServer, width: int, text_size: str) -> None:
    server.cast = {"ru": [*server.cast["ru"], LONG]}
    server.script("/api/select", Answer(500))
    server.pages["long"] = PAGE
    async with picker(browser, viewport={"width": width, "height": 640}) as opened:
        page = await opened.opens_list(server.url, "ru")
        await page.evaluate("(size) => document.documentElement.style.setProperty('font-size', size)", text_size)
        overflowing = "(parts) => parts.filter((part) => part.scrollWidth > part.clientWidth + 1).length"
        assert await page.evaluate("document.documentElement.scrollWidth") == width
        assert await page.locator(".row, .about, .tagline, .name, .tags").evaluate_all(overflowing) == 0
        await page.locator(".row[data-character]").last.click()
        await expect(page.locator(".bubble")).to_be_visible()
        await opened.presses_main()
        await expect(page.locator("[data-tone=bad]")).to_be_visible()
        assert await page.evaluate("document.documentElement.scrollWidth") == width
        assert await page.locator("h1, .tagline, .tag, .bubble, .notes, #status").evaluate_all(overflowing) == 0


async def test_the_end_of_a_page_can_be_scrolled_clear_of_a_message(browser: Browser, server: PickerServer) -> None:
    server.script("/api/select", Answer(500))
    server.pages["mario"] = PAGE
    async with picker(browser, viewport={"width": 360, "height": 480}) as opened:
        page = await opened.opens_list(server.url)
        await opened.opens("Mario")
        await opened.presses_main()
        await expect(page.locator("[data-tone=bad]")).to_be_visible()
        await page.evaluate("scrollTo(0, document.body.scrollHeight)")
        last = await page.locator(".notes").bounding_box()
        message = await page.get_by_role("status").bounding_box()
        assert last is not None
        assert message is not None
        assert last["y"] + last["height"] <= message["y"]


async def test_reduced_motion_stops_every_animation(browser: Browser, server: PickerServer) -> None:
    server.script("/api/select", Answer(500))
    async with picker(browser, reduced_motion="reduce") as opened:
        page = await opened.opens_list(server.url)
        await opened.opens("Mario")
        assert await page.evaluate("document.getAnimations().length") == 0
