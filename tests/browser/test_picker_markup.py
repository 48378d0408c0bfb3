"""Cards, forms and memories are shown as text, never as markup, on every screen of the Mini App."""

from typing import Any

import pytest
from playwright.async_api import Browser, expect

from tests.browser.picker_client import picker
from tests.browser.picker_server import PickerServer, character
from tests.browser.test_picker_form import FORM, GRETE
from tests.browser.test_picker_memory import FOUND, REMEMBERED, WHY

pytestmark = pytest.mark.asyncio(loop_scope="session")

HOSTILE = "\"'></textarea><img data-owned src=x onerror=alert(1)>&lt;b data-owned&gt;{{char}}"
# Chosen by us, never by the author of a card.
OURS = {"id", "avatar_url", "kind", "by", "voice"}


def hostile(value: Any) -> Any:
    """With markup in every text."""
    if isinstance(value, dict):
        return {name: each if name in OURS else hostile(each) for name, each in value.items()}
    if isinstance(value, list):
        return [hostile(each) for each in value]
    return HOSTILE if isinstance(value, str) else value


@pytest.mark.parametrize(
    ("query", "there"),
    [
        ("", ".row .name"),
        ("?screen=character&id=mario", ".bubble"),
        ("?screen=form&id=grete", "textarea"),
        ("?screen=memory&id=mario", ".memory .fact"),
        ("?screen=why&id=mario", "article li"),
    ],
)
async def test_markup_in_any_field_becomes_no_element_on_any_screen(
    browser: Browser, server: PickerServer, query: str, there: str
) -> None:
    evil = hostile(character("mario", "Mario", "A plumber", "games"))
    server.cast, server.recent, server.yours = {"en": [evil]}, [evil], [hostile(GRETE)]
    server.pages["mario"] = {"greetings": [HOSTILE, HOSTILE], "notes": HOSTILE, "creator": HOSTILE}
    server.forms["grete"] = hostile(FORM)
    server.memories = {"memory/show": hostile(REMEMBERED), "memory/search": hostile(FOUND), "memory/why": hostile(WHY)}
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url, query=query)
        await expect(page.locator(there).first).to_be_visible()
        assert HOSTILE[:20] in await page.evaluate(
            "document.body.innerText + [...document.querySelectorAll('input, textarea')].map(it => it.value).join('')"
        )
        await expect(page.locator("[data-owned]")).to_have_count(0)
