"""A Telegram client around the picker, played with Chromium: it opens the page, hears its events, sends its own."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped] # ships no types
from playwright.async_api import Browser, Page, async_playwright, expect

from local.browser import chromium_path

DAY = {
    "bg_color": "#ffffff",
    "secondary_bg_color": "#efeff4",
    "section_bg_color": "#ffffff",
    "text_color": "#000000",
    "hint_color": "#999999",
    "subtitle_text_color": "#999999",
    "link_color": "#2481cc",
    "accent_text_color": "#2481cc",
    "button_color": "#2481cc",
    "button_text_color": "#ffffff",
    "destructive_text_color": "#e53935",
}
NIGHT = {
    "bg_color": "#17212b",
    "secondary_bg_color": "#232e3c",
    "section_bg_color": "#17212b",
    "text_color": "#f5f5f5",
    "hint_color": "#708499",
    "subtitle_text_color": "#708499",
    "link_color": "#6ab3f3",
    "accent_text_color": "#6ab2f2",
    "button_color": "#5288c1",
    "button_text_color": "#ffffff",
    "destructive_text_color": "#ec3942",
}

# Android's and iOS's transport; it stays in place over reloads.
NATIVE_PROXY = """
window.sent = [];
window.TelegramWebviewProxy = { postEvent: (type, data) => sent.push([type, JSON.parse(data)]) };
"""
# Windows Phone's, which Telegram's own script still knows.
NOTIFY = """
window.sent = [];
window.external.notify = (json) => { const event = JSON.parse(json); sent.push([event.eventType, event.eventData]); };
"""
COMPLAINTS = """
window.complaints = [];
addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) => {
  complaints.push(`${violatedDirective} ${blockedURI}`);
});
"""


def init_data(language: str | None = "en") -> str:
    """As Telegram writes it, with what may suffer on the way: quotes, plus signs, letters beyond ASCII."""
    user = {"id": 279058397, "first_name": "Жанна + Co", "last_name": "O'Neil & 50%"}
    if language:
        user["language_code"] = language
    fields = {"query_id": "AAHdF6IQAAAAAN0XohDhrOrc", "user": json.dumps(user), "auth_date": "1762000000"}
    return urlencode(fields | {"signature": "a-_b", "hash": "c0ffee" * 10})


def launch_hash(data: str, theme: Mapping[str, str] = DAY) -> str:
    params = {"tgWebAppVersion": "9.6", "tgWebAppPlatform": "ios", "tgWebAppThemeParams": json.dumps(dict(theme))}
    return "#" + urlencode({"tgWebAppData": data, **params})


@dataclass
class Picker:
    page: Page
    requested: list[str] = field(default_factory=list)
    broken: list[str] = field(default_factory=list)

    async def sent(self) -> list[tuple[str, Any]]:
        """The page's events for the client, in order."""
        return [(kind, data) for kind, data in await self.page.evaluate("sent")]

    async def wait_for_sent(self, kind: str) -> None:
        await self.page.wait_for_function("(kind) => sent.some(([sent]) => sent === kind)", arg=kind)

    async def client_says(self, kind: str, data: object) -> None:
        await self.page.evaluate("([kind, data]) => Telegram.WebView.receiveEvent(kind, data)", [kind, data])

    async def opens_list(self, url: str, language: str | None = "en", query: str = "", **hashed: Any) -> Page:
        """Until the first thing on it can be pressed."""
        await self.page.goto(f"{url}/{query}{launch_hash(init_data(language), **hashed)}")
        await expect(self.page.get_by_role("button").first).to_be_visible()
        return self.page

    async def opens(self, name: str) -> None:
        """A character's page, from the list."""
        await self.page.locator(".row", has_text=name).click()
        await self.shows_main()

    async def shows_main(self) -> dict[str, Any]:
        """The client's main button, once the page shows it."""
        shown = "sent.findLast(([kind]) => kind === 'web_app_setup_main_button')?.[1]"
        await self.page.wait_for_function(f"() => {shown}?.is_visible")
        return dict(await self.page.evaluate(shown))

    async def presses_main(self) -> None:
        await self.client_says("main_button_pressed", {})

    async def presses_back(self) -> None:
        await self.client_says("back_button_pressed", {})

    async def theme_variable(self, name: str) -> str:
        script = "(name) => getComputedStyle(document.documentElement).getPropertyValue(name)"
        return str(await self.page.evaluate(script, name))

    async def violations(self) -> str:
        """The violations that axe finds, as text."""
        await self.page.evaluate("Promise.all(document.getAnimations().map((animation) => animation.finished))")
        found = await Axe().run(self.page)
        return found.generate_report() if found.violations_count else ""


@asynccontextmanager
async def chromium(*options: str) -> AsyncIterator[Browser]:
    executable = await asyncio.to_thread(chromium_path)
    async with (
        async_playwright() as playwright,
        await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox", *options]) as browser,
    ):
        yield browser


@asynccontextmanager
async def picker(browser: Browser, *, transport: str = NATIVE_PROXY, **options: Any) -> AsyncIterator[Picker]:
    """A blank page ready to open the picker. At the end: no error in it, no breach of policy, no foreign request."""
    options = {"viewport": {"width": 360, "height": 740}, "reduced_motion": "reduce"} | options
    async with await browser.new_context(**options) as context:
        page = await context.new_page()
        opened = Picker(page)
        page.on("pageerror", lambda error: opened.broken.append(str(error)))
        page.on("request", lambda request: opened.requested.append(request.url))
        await page.add_init_script(transport + COMPLAINTS)
        yield opened
        origin = await page.evaluate("location.origin")
        assert opened.broken == []
        assert await page.evaluate("complaints") == []
        assert [url for url in opened.requested if not url.startswith(origin)] == []
