"""The picker's page in a real browser, on a slow phone: a quarter of this machine's processor and a slow 4G line."""

import asyncio
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from playwright.async_api import Browser, CDPSession, async_playwright

from bench.spread import Spread
from local import settings
from local.browser import chromium_path
from local.ports import free_port
from local.stack import Stack, running_stack

SLOWER = 4
# Lighthouse's "slow 4G": https://github.com/GoogleChrome/lighthouse/blob/main/docs/throttling.md
SLOW_4G = {"offline": False, "latency": 150, "downloadThroughput": 1_638_400 / 8, "uploadThroughput": 675_000 / 8}
LIGHTHOUSE = "lighthouse@12.8.2"
CATEGORIES = ("performance", "accessibility", "best-practices")
MAX_LIGHTHOUSE_S = 180

# The page makes a row's button with its handler: people can press a row as soon as they see it.
WATCH = """
window.TelegramWebviewProxy = { postEvent() {} };
window.shift = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => { shift += entry.value; }))
  .observe({ type: "layout-shift", buffered: true });
new MutationObserver((_, watching) => {
  if (!document.querySelector(".row[data-character]")) return;
  window.interactive = performance.now();
  watching.disconnect();
}).observe(document, { childList: true, subtree: true });
"""


@dataclass(frozen=True)
class Load:
    """Compressed bytes, with headers, of the whole first load; the time is from the start of navigation."""

    bytes: int
    requests: int
    third_parties: int
    interactive_ms: float
    layout_shift: float


async def measure(rounds: int) -> tuple[list[Load], dict[str, int] | None]:
    """Loads of the page with a cold cache, and Lighthouse's scores; None where there is no npm to get it with."""
    wanted = settings.read({"PORT": str(free_port())})
    async with running_stack(wanted) as stack, async_playwright() as playwright:
        executable = await asyncio.to_thread(chromium_path)
        browser = await playwright.chromium.launch(executable_path=executable, args=["--no-sandbox"])
        loads = [await _load(browser, stack) for _ in range(rounds + 1)]
        await browser.close()
        return loads[1:], await _lighthouse(_address(stack), executable)


def spread(loads: list[Load], name: str) -> Spread:
    return Spread.of([getattr(load, name) for load in loads])


def _address(stack: Stack) -> str:
    user = stack.simulator.user(900_001, "Anna", "Karenina", "anna", "en")
    params = {"tgWebAppVersion": "9.6", "tgWebAppPlatform": "android", "tgWebAppThemeParams": "{}"}
    return f"{stack.url}/#{urlencode({'tgWebAppData': user.init_data(), **params})}"


async def _load(browser: Browser, stack: Stack) -> Load:
    async with await browser.new_context(viewport={"width": 360, "height": 740}, device_scale_factor=2) as context:
        page = await context.new_page()
        devtools = await context.new_cdp_session(page)
        asked, received = await _recorded(devtools)
        await devtools.send("Network.emulateNetworkConditions", SLOW_4G)
        await devtools.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        await page.add_init_script(WATCH)
        await page.goto(_address(stack))
        await page.wait_for_selector(".row[data-character]")
        await page.wait_for_load_state("networkidle")
        interactive, shift = await page.evaluate("[interactive, shift]")
        foreign = [url for url in asked if not url.startswith((stack.url, "data:"))]
        return Load(sum(received), len(asked), len(foreign), interactive, shift)


async def _recorded(devtools: CDPSession) -> tuple[list[str], list[int]]:
    asked: list[str] = []
    received: list[int] = []
    devtools.on("Network.requestWillBeSent", lambda event: asked.append(event["request"]["url"]))
    devtools.on("Network.loadingFinished", lambda event: received.append(int(event["encodedDataLength"])))
    await devtools.send("Network.enable")
    return asked, received


async def _lighthouse(address: str, executable: str) -> dict[str, int] | None:
    npx = shutil.which("npx")
    if npx is None:
        return None
    with tempfile.TemporaryDirectory() as folder:
        report = Path(folder) / "report.json"
        process = await asyncio.create_subprocess_exec(
            npx, "--yes", LIGHTHOUSE, address, "--quiet", "--output=json", f"--output-path={report}",
            f"--only-categories={','.join(CATEGORIES)}", "--chrome-flags=--headless=new --no-sandbox",
            env={"PATH": f"{Path(npx).parent}:/usr/bin:/bin", "HOME": folder, "CHROME_PATH": executable},
            stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            await asyncio.wait_for(process.wait(), MAX_LIGHTHOUSE_S)
        except TimeoutError:
            process.kill()
        if not report.exists():
            return None
        found: dict[str, Any] = json.loads(await asyncio.to_thread(report.read_text, encoding="utf-8"))["categories"]
    return {name: round(100 * found[name]["score"]) for name in CATEGORIES}
