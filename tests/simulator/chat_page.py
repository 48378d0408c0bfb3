"""The chat page, open in Chromium, with a Mini App and product events beside the simulator."""

from collections.abc import AsyncIterator

import pytest_asyncio
from aiohttp import web
from playwright.async_api import Browser, Page, expect

from local.simulator import Simulator
from tests.browser.picker_client import chromium

PATIENCE_MS = 90_000
expect.set_options(timeout=PATIENCE_MS)
MINI_APP = """<!doctype html><title>App</title><button id=done>Done</button><script>
  const say = (eventType, eventData) => parent.postMessage(JSON.stringify({ eventType, eventData }), "*");
  window.heard = [];
  addEventListener("message", (event) => {
    const { eventType } = JSON.parse(event.data);
    heard.push(event.data);
    if (eventType === "main_button_pressed") say("web_app_close");
  });
  say("iframe_ready", { reload_supported: true });
  say("web_app_ready"); say("web_app_expand"); say("web_app_request_viewport"); say("web_app_no_such_thing");
  say("web_app_setup_main_button", { is_visible: true, is_active: true, text: "Choose", color: "#112233" });
  say("web_app_setup_back_button", { is_visible: true });
  parent.postMessage("not json", "*");
</script>"""


@pytest_asyncio.fixture(loop_scope="module")
async def app_url(simulator: Simulator) -> AsyncIterator[str]:
    """The simulator with a Mini App and an analytics endpoint, as in the product."""

    async def mini_app(_request: web.Request) -> web.Response:
        return web.Response(text=MINI_APP, content_type="text/html")

    async def events(_request: web.Request) -> web.Response:
        event = {"time": 1_800_000_000_000, "event_type": "registered", "user_id": "7", "event_properties": {"a": "b"}}
        return web.json_response({"events": [event]})

    app = web.Application()
    simulator.add_routes(app)
    app.router.add_get("/", mini_app)
    app.router.add_get("/amplitude/events", events)
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield f"http://127.0.0.1:{runner.addresses[0][1]}"
    await runner.cleanup()


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    async with chromium("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream") as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="module")
async def page(app_url: str, browser: Browser) -> AsyncIterator[Page]:
    """A page that fails its test on any script error or violation of its content security policy."""
    problems: list[str] = []
    async with await browser.new_context(base_url=app_url, viewport={"width": 1280, "height": 800}) as context:
        context.set_default_timeout(PATIENCE_MS)
        page = await context.new_page()
        page.on("pageerror", lambda error: problems.append(str(error)))
        page.on("console", lambda said: problems.append(said.text) if "Content Security Policy" in said.text else None)
        yield page
    assert problems == []


async def enter(page: Page, query: str) -> None:
    await page.goto(f"/chat?{query}")
    await page.wait_for_selector("html[data-ready]")
