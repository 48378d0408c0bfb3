"""The Mini App's side of Telegram's protocol, over each of its three transports."""

import json
from urllib.parse import urlencode

import pytest
from playwright.async_api import Browser, expect

from tests.browser.picker_client import NATIVE_PROXY, NIGHT, NOTIFY, init_data, launch_hash, picker
from tests.browser.picker_server import PickerServer

pytestmark = pytest.mark.asyncio(loop_scope="session")

ASKED = ["theme", "viewport", "safe_area", "content_safe_area"]


@pytest.mark.parametrize("transport", [NATIVE_PROXY, NOTIFY], ids=["TelegramWebviewProxy", "external.notify"])
async def test_a_native_client_hears_the_whole_visit(browser: Browser, server: PickerServer, transport: str) -> None:
    async with picker(browser, transport=transport) as opened:
        await opened.page.goto(f"{server.url}/{launch_hash(init_data())}")
        await opened.opens("Mario")
        await opened.presses_main()
        await opened.wait_for_sent("web_app_close")
        sent = await opened.sent()
        kinds = [kind for kind, _ in sent]
        assert set(kinds) >= {f"web_app_request_{wanted}" for wanted in ASKED}
        assert ("web_app_ready", "") in sent
        assert ("web_app_expand", "") in sent
        assert ("web_app_set_header_color", {"color_key": "secondary_bg_color"}) in sent
        assert kinds[-1] == "web_app_close"


async def test_a_native_client_comes_before_the_page_around_the_frame(browser: Browser, server: PickerServer) -> None:
    async with picker(browser, transport=NATIVE_PROXY) as opened:
        await opened.page.goto(f"{server.url}/client{launch_hash(init_data())}")
        frame = opened.page.frames[1]
        await frame.wait_for_function("sent.some(([kind]) => kind === 'web_app_ready')")
        assert await opened.page.evaluate("received") == []


@pytest.mark.parametrize(
    "path", ["Telegram.WebView.receiveEvent", "TelegramGameProxy.receiveEvent", "TelegramGameProxy_receiveEvent"]
)
async def test_each_name_a_client_calls_is_answered(browser: Browser, server: PickerServer, path: str) -> None:
    async with picker(browser) as opened:
        await opened.page.goto(f"{server.url}/{launch_hash(init_data())}")
        await opened.wait_for_sent("web_app_ready")
        await opened.page.evaluate(f"{path}('theme_changed', {json.dumps({'theme_params': NIGHT})})")
        assert await opened.theme_variable("--tg-theme-bg-color") == NIGHT["bg_color"]
        await opened.page.evaluate(f"{path}('an_event_of_tomorrow')")


async def test_telegram_web_gets_the_handshake_first_and_the_close_last(browser: Browser, server: PickerServer) -> None:
    async with picker(browser, transport="") as opened:
        page = opened.page
        await page.goto(f"{server.url}/client{launch_hash(init_data())}")
        await page.frame_locator("iframe").locator(".row", has_text="Mario").click()
        await page.wait_for_function(
            "received.some((event) => event.eventType === 'web_app_setup_main_button' && event.eventData.is_visible)"
        )
        press = json.dumps({"eventType": "main_button_pressed", "eventData": {}})
        await page.evaluate("(event) => frame.contentWindow.postMessage(event, '*')", press)
        await page.wait_for_function("received.some((event) => event.eventType === 'web_app_close')")
        received = await page.evaluate("received")
        assert received[0] == {"eventType": "iframe_ready", "eventData": {"reload_supported": True}}
        assert received[-1]["eventType"] == "web_app_close"
        assert server.selections() == [{"init_data": init_data(), "language": "en", "character_id": "mario"}]


async def test_telegram_web_changes_colours_from_outside_the_frame(browser: Browser, server: PickerServer) -> None:
    async with picker(browser, transport="") as opened:
        page = opened.page
        await page.goto(f"{server.url}/client{launch_hash(init_data())}")
        await page.wait_for_function("received.some((event) => event.eventType === 'web_app_ready')")
        event = json.dumps({"eventType": "theme_changed", "eventData": {"theme_params": NIGHT}})
        await page.evaluate("(event) => frame.contentWindow.postMessage(event, '*')", "no json")
        await page.evaluate("(event) => frame.contentWindow.postMessage(event, '*')", event)
        await page.frames[1].wait_for_function("document.documentElement.dataset.scheme === 'dark'")


async def test_messages_of_other_windows_are_not_taken_for_the_clients(browser: Browser, server: PickerServer) -> None:
    async with picker(browser, transport="") as opened:
        page = opened.page
        await page.goto(f"{server.url}/client{launch_hash(init_data())}")
        await page.wait_for_function("received.some((event) => event.eventType === 'web_app_ready')")
        event = json.dumps({"eventType": "theme_changed", "eventData": {"theme_params": NIGHT}})
        heard = "(event) => new Promise((heard) => { addEventListener('message', heard); postMessage(event, '*') })"
        await page.frames[1].evaluate(f"(event) => ({heard})(event).then(() => null)", event)
        assert await page.frames[1].evaluate("document.documentElement.dataset.scheme") == "light"


async def test_telegram_web_may_reload_the_frame(browser: Browser, server: PickerServer) -> None:
    async with picker(browser, transport="") as opened:
        page = opened.page
        await page.goto(f"{server.url}/client{launch_hash(init_data())}")
        await expect(page.frame_locator("iframe").locator(".row[data-character]")).to_have_count(3)
        await page.evaluate("frame.contentWindow.postMessage(JSON.stringify({ eventType: 'reload_iframe' }), '*')")
        ready_again = "received.filter((event) => event.eventType === 'iframe_ready').length === 2"
        await page.wait_for_function(ready_again)
        await expect(page.frame_locator("iframe").locator(".row[data-character]")).to_have_count(3)
        assert "iframe_will_reload" in [event["eventType"] for event in await page.evaluate("received")]


async def test_launch_parameters_survive_a_reload_without_their_hash(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        page = opened.page
        await page.goto(f"{server.url}/{launch_hash(init_data('ru'))}")
        await expect(page.locator(".row[data-character]")).to_have_count(3)
        await page.evaluate("history.replaceState(null, '', '/')")
        await page.reload()
        await expect(page.get_by_role("heading", level=1)).to_have_text("С кем хотите поговорить?")
        await opened.opens("Марио")
        await opened.presses_main()
        await opened.wait_for_sent("web_app_close")
        assert server.selections() == [{"init_data": init_data("ru"), "language": "ru", "character_id": "mario"}]


async def test_launch_parameters_are_found_behind_a_path_in_the_hash(browser: Browser, server: PickerServer) -> None:
    async with picker(browser) as opened:
        await opened.page.goto(f"{server.url}/#cast?{urlencode({'tgWebAppData': init_data()})}")
        await expect(opened.page.locator(".row[data-character]")).to_have_count(3)


async def test_the_page_opens_where_storage_is_closed(browser: Browser, server: PickerServer) -> None:
    closed = (
        "Object.defineProperty(window, 'sessionStorage', { get() { throw new DOMException('', 'SecurityError') } });"
    )
    async with picker(browser, transport=NATIVE_PROXY + closed) as opened:
        await opened.page.goto(f"{server.url}/{launch_hash(init_data())}")
        await expect(opened.page.locator(".row[data-character]")).to_have_count(3)
