"""Any part of the product can be another server, named by a setting."""

import json
import urllib.request
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser

from local.emulator import Emulator
from local.settings import SIMULATED_TOKEN
from tests.story.running import ENGLISH, Run, open_chat, running

SECRET = "known-to-both"


def get(url: str) -> Any:
    with urllib.request.urlopen(url) as response:  # noqa: S310 - our own server
        return json.load(response)


def post(url: str, body: object) -> None:
    request = urllib.request.Request(url, json.dumps(body).encode(), {"Content-Type": "application/json"})  # noqa: S310 - as above
    urllib.request.urlopen(request).close()  # noqa: S310 - as above


def test_telegram_model_amplitude_and_aws_may_all_be_elsewhere(browser: Browser, run: Run, tmp_path: Path) -> None:
    """A second product lives on the first one's servers: its Telegram, its model, its Amplitude."""
    elsewhere = run.url.replace("localhost", "127.0.0.1")
    with (
        Emulator.start(tmp_path / "emulator.log") as emulator,
        running(
            TELEGRAM_API_URL=elsewhere,
            TELEGRAM_BOT_TOKEN=SIMULATED_TOKEN,
            WEBHOOK_SECRET=SECRET,
            OPENAI_BASE_URL=f"{elsewhere}/openai/v1",
            OPENAI_MODEL="gpt-5.6-luna",
            AMPLITUDE_SERVER_URL=f"{elsewhere}/amplitude/2/httpapi",
            AWS_ENDPOINT_URL=emulator.endpoint_url,
        ) as second,
    ):
        webhook = f"{second.url.replace('localhost', '127.0.0.1')}/telegram/webhook"
        # The first product's simulator now posts to the second; nobody else uses it.
        post(f"{elsewhere}/bot{SIMULATED_TOKEN}/setWebhook", {"url": webhook, "secret_token": SECRET})
        chat = open_chat(browser, run.url, "user=2300&lang=en&name=Anna&start=mario", ENGLISH)
        chat.start()
        chat.hears("It's-a me, Mario!")
        chat.write("Where do you live now?")
        chat.hears_something_after(3)

        models = [call["body"]["model"] for call in get(f"{elsewhere}/openai/calls")["calls"] if call["body"]]
        assert models[-1] == "gpt-5.6-luna"
        assert emulator.endpoint_url in second.said
