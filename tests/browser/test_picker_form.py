"""Making and editing a character in the Mini App."""

import base64
import struct
import zlib
from typing import Any

import pytest
from playwright.async_api import Browser, Page, expect

from tests.browser.picker_client import DAY, NATIVE_PROXY, NIGHT, Picker, picker
from tests.browser.picker_server import Answer, Json, PickerServer, character

pytestmark = pytest.mark.asyncio(loop_scope="session")

GRETE = character("grete", "Grete", "Repairs what can't be repaired.") | {"is_checked": True, "is_shared": False}
FORM: Json = {
    "name": "Grete",
    "tagline": "Repairs what can't be repaired.",
    "description": "A watchmaker.",
    "personality": "Dry.",
    "first_mes": "Yes?",
    "mes_example": "",
    "picture_style": "",
    "alternate_greetings": ["Quiet! It ticks."],
    "tags": ["craft"],
    "voice": "sage",
    "book": [{"id": 0, "keys": ["clock", "watch"], "content": "Hers stopped in 1989."}],
}


def png(width: int, height: int) -> bytes:
    """One colour."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = (b"\0" + b"\x20\x90\xd0" * width) * height
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


async def opens_form(opened: Picker, server: PickerServer, query: str = "?screen=form", **hashed: Any) -> Page:
    page = await opened.opens_list(server.url, query=query, **hashed)
    await expect(page.get_by_label("Name", exact=True)).to_be_visible()
    return page


async def fills_in(page: Page) -> None:
    await page.get_by_label("Name", exact=True).fill("Grete")
    await page.get_by_label("Who they are").fill("A watchmaker.")
    await page.get_by_label("Greeting", exact=True).fill("*looks up* Yes, {{user}}?")


async def test_a_filled_form_makes_a_character(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await page.get_by_role("button", name="Create a character").click()
        await fills_in(page)
        await page.get_by_label("In one line").fill("Repairs what can't be repaired.")
        await page.get_by_role("textbox", name="Subjects").fill("craft, old things ,")
        await page.get_by_label("Voice").select_option(label="Cedar: a man, deep and calm")
        await page.get_by_text("More: examples").click()
        await page.get_by_label("How pictures of them look").fill("Ink on copper.")
        await page.get_by_role("button", name="Add a greeting").click()
        await page.keyboard.type("Quiet! It ticks.")
        await page.get_by_role("button", name="Add something they know").click()
        await page.keyboard.type("clock, watch")
        await page.get_by_label("What they know then").fill("Hers stopped in 1989.")
        await page.get_by_label("Choose a portrait").set_input_files(
            {"name": "large.png", "mimeType": "image/png", "buffer": png(1600, 900)}
        )
        await expect(page.locator("canvas")).to_be_visible()
        await page.wait_for_function("() => localStorage.getItem('troupe:draft:279058397:new')?.includes('\"/9j')")
        server.yours = [GRETE | {"is_checked": False}]
        await opened.presses_main()

        await expect(page.get_by_role("status")).to_contain_text("Grete is saved")
        await expect(page.locator(".row", has_text="Being checked")).to_contain_text("Grete")
        assert len(server.sent("form")) == 1, "it was counted that a form was started"
        (saved,) = server.sent("save")
        assert saved["form"] == {
            "name": "Grete",
            "tagline": "Repairs what can't be repaired.",
            "description": "A watchmaker.",
            "personality": "",
            "first_mes": "*looks up* Yes, {{user}}?",
            "mes_example": "",
            "picture_style": "Ink on copper.",
            "alternate_greetings": ["Quiet! It ticks."],
            "tags": ["craft", "old things"],
            "voice": "cedar",
            "book": [{"id": None, "keys": ["clock", "watch"], "content": "Hers stopped in 1989."}],
        }
        assert saved["draft"]
        picture = base64.b64decode(saved["portrait"])
        assert picture.startswith(b"\xff\xd8\xff")
        assert len(picture) < 200_000
        await expect(page.get_by_role("button", name="Create a character")).to_be_visible()


async def test_the_greeting_is_shown_as_it_will_look(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await opens_form(opened, server)
        await expect(page.locator(".bubble")).to_have_text("Their first message appears here as you write it.")
        await page.get_by_label("Greeting", exact=True).fill("*waves* I am {{char}}, {{user}}.")
        await page.get_by_label("Name", exact=True).fill("Grete")
        await expect(page.locator(".bubble")).to_have_text("waves I am Grete, Жанна + Co.")
        await expect(page.locator(".bubble i")).to_have_text("waves")


async def test_a_draft_survives_closing_and_can_be_thrown_away(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await opens_form(opened, server)
        await fills_in(page)
        assert ("web_app_setup_closing_behavior", {"need_confirmation": True}) in await opened.sent()
        await opened.presses_back()
        await expect(page.get_by_role("button", name="Continue your draft")).to_be_visible()
        await page.reload()
        await expect(page.get_by_label("Name", exact=True)).to_have_value("Grete")
        await page.get_by_role("button", name="Start over").click()
        await expect(page.get_by_label("Name", exact=True)).to_have_value("")
        closing = [data for kind, data in await opened.sent() if kind == "web_app_setup_closing_behavior"]
        assert closing[-1] == {"need_confirmation": False}


async def test_a_device_without_room_for_a_draft_says_so_and_can_still_save(
    browser: Browser, server: PickerServer
) -> None:
    closed = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('', 'SecurityError') } });"
    async with picker(browser, transport=NATIVE_PROXY + closed) as opened:
        page = await opens_form(opened, server)
        await fills_in(page)
        await expect(page.get_by_role("status")).to_contain_text("no room for a draft")
        await opened.presses_main()
        await expect(page.get_by_role("status")).to_contain_text("Grete is saved")


async def test_a_missing_text_is_named_at_its_field(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = await opens_form(opened, server)
        await page.get_by_label("Name", exact=True).fill("Grete")
        await opened.presses_main()
        who = page.get_by_label("Who they are")
        await expect(who).to_be_focused()
        await expect(who).to_have_attribute("aria-invalid", "true")
        await expect(page.locator(".error:visible")).to_have_text(["Please fill this in.", "Please fill this in."])
        assert server.sent("save") == []
        await who.fill("A watchmaker.")
        await expect(page.locator(".error:visible")).to_have_count(1)


async def test_what_the_server_refuses_is_said_at_its_field_and_nothing_is_lost(
    browser: Browser, server: PickerServer
) -> None:
    refused = {"error": "invalid", "message": "", "fields": {"tagline": "too_long"}, "whole": ""}
    whole = {"error": "invalid", "message": "", "fields": {}, "whole": "long_prompt"}
    server.script(
        "/api/save", Answer(422, refused), Answer(422, whole), Answer(409, {"error": "too_many"}), Answer(503)
    )
    async with picker(browser) as opened:
        page = await opens_form(opened, server)
        await fills_in(page)
        await opened.presses_main()
        await expect(page.locator(".error:visible")).to_have_text("This is too long.")
        await expect(page.get_by_label("In one line")).to_be_focused()
        for words in ("Altogether this is too much", "as many characters as one person may have", "Your draft is kept"):
            await opened.presses_main()
            await expect(page.get_by_role("status")).to_contain_text(words)
        await opened.presses_main()
        await expect(page.get_by_role("status")).to_contain_text("Grete is saved")
        drafts = {saved["draft"] for saved in server.sent("save")}
        assert len(drafts) == 1


async def test_an_edited_character_is_saved_with_its_changes(browser: Browser, server: PickerServer) -> None:
    server.yours, server.forms["grete"] = [GRETE], FORM
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await opened.opens("Grete")
        await page.get_by_role("button", name="Edit").click()
        await expect(page.get_by_label("What they know then")).to_have_value("Hers stopped in 1989.")
        await page.get_by_label("What they know then").fill("Hers stopped in 1990.")
        await page.get_by_role("button", name="Remove this greeting").click()
        await opened.presses_main()
        await expect(page.get_by_role("status")).to_contain_text("Grete is saved")
        await expect(page.get_by_role("heading", level=1)).to_have_text("Grete")
        entry = {"id": 0, "keys": ["clock", "watch"], "content": "Hers stopped in 1990."}
        assert server.sent("save") == [
            {"character_id": "grete", "form": {"alternate_greetings": [], "book": [entry]}},
        ]


async def test_a_field_is_written_with_the_models_help(browser: Browser, server: PickerServer) -> None:
    server.script("/api/suggest", Answer(body={"suggestion_id": "s1"}), Answer(body={"suggestion_id": "s2"}))
    server.script(
        "/api/suggestion", Answer(), Answer(body={"text": "Short sentences."}), Answer(body={"failure": "limit"})
    )
    async with picker(browser) as opened:
        await opened.page.clock.install()
        page = await opens_form(opened, server)
        await page.get_by_label("Name", exact=True).fill("Grete")
        for expected, said in (("Short sentences.", "Here is a suggestion"), ("Short sentences.", "limit for today")):
            async with page.expect_request("**/api/suggest"):
                await page.get_by_role("button", name="Help me write").nth(2).click()
            await expect(page.get_by_role("button", name="Writing…")).to_be_disabled()
            while await page.get_by_role("button", name="Writing…").count():
                await page.clock.run_for(1_300)
            await expect(page.get_by_label("How they talk", exact=True)).to_have_value(expected)
            await expect(page.get_by_role("status")).to_contain_text(said)
        assert server.sent("suggest")[0]["field"] == "personality"
        assert server.sent("suggest")[0]["form"]["name"] == "Grete"


async def test_owners_share_export_and_delete(browser: Browser, server: PickerServer) -> None:
    server.yours = [GRETE | {"is_shared": True}]
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await opened.opens("Grete")
        for name, words in (
            ("Share a link", "The link comes to the chat."),
            ("Stop sharing", "The link leads nowhere any more."),
            ("Export as a picture", "The file comes to the chat."),
        ):
            await page.get_by_role("button", name=name).click()
            await expect(page.get_by_role("status")).to_have_text(words)
        await page.get_by_role("button", name="Delete").click()
        await opened.wait_for_sent("web_app_open_popup")
        await opened.client_says("popup_closed", {})
        await page.get_by_role("button", name="Delete").click()
        server.yours = []
        await opened.client_says("popup_closed", {"button_id": "do"})
        await expect(page.get_by_role("status")).to_have_text("Grete is deleted.")
        await expect(page.locator(".row", has_text="Grete")).to_have_count(0)
        grete = {"character_id": "grete"}
        assert server.sent("share") == [grete | {"shared": True}, grete | {"shared": False}]
        assert server.sent("export") == [grete | {"as": "png"}]
        assert server.sent("delete") == [grete]


async def test_an_unchecked_character_can_be_seen_and_not_yet_chosen(browser: Browser, server: PickerServer) -> None:
    server.yours = [GRETE | {"is_checked": False}]
    async with picker(browser) as opened:
        page = await opened.opens_list(server.url)
        await page.locator(".row", has_text="Grete").click()
        await expect(page.locator(".state")).to_have_text("Being checked. You can talk in a moment.")
        await expect(page.locator(".bubble")).to_be_visible()
        main = [data for kind, data in await opened.sent() if kind == "web_app_setup_main_button"]
        assert not main[-1]["is_visible"]
        await expect(page.get_by_role("button", name="Share a link")).to_have_count(0)


@pytest.mark.parametrize(("theme", "language"), [(DAY, "en"), (NIGHT, "ru")], ids=["day", "night"])
async def test_axe_finds_nothing_in_the_form_and_nothing_scrolls_sideways(
    browser: Browser, server: PickerServer, theme: dict[str, str], language: str
) -> None:
    server.yours, server.forms["grete"] = [GRETE], FORM | {"name": "", "description": "Достопримечательность" * 9}
    async with picker(browser, viewport={"width": 320, "height": 640}) as opened:
        page = await opened.opens_list(server.url, language, query="?screen=form&id=grete", theme=theme)
        await expect(page.locator(".form details")).to_be_visible()
        await opened.presses_main()
        await expect(page.locator("[aria-invalid]")).to_have_count(1)
        assert await opened.violations() == ""
        await page.evaluate("document.documentElement.style.setProperty('font-size', '200%')")
        assert await page.evaluate("document.documentElement.scrollWidth") == 320
