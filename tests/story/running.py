"""`make run` as a person starts it, in a process of its own, and the chat page in Chromium."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Browser, Locator, Page, expect, sync_playwright

from local.browser import chromium_path
from local.emulator import ROOT
from local.ports import free_port

# How long Playwright waits: an answer goes through a queue, a model and back.
PATIENCE_S = 90
PATIENCE_MS = 1000 * PATIENCE_S
NOT_OURS = ("TELEGRAM", "OPENAI", "MODEL", "OLLAMA", "AMPLITUDE", "AWS_", "WEBAPP", "WEBHOOK", "PSEUDONYM", "PORT")


@dataclass
class Run:
    process: "subprocess.Popen[str]"
    port: int
    said: str

    @property
    def url(self) -> str:
        return f"http://localhost:{self.port}"

    def stop(self, signal_: signal.Signals = signal.SIGINT) -> int:
        self.process.send_signal(signal_)
        return self.process.wait(PATIENCE_S)


def start(*arguments: str, in_background: bool = False, **settings: str) -> "subprocess.Popen[str]":
    """With none of the settings that happen to be set where the tests run.

    :param in_background: as `make run &` in a script, where the shell has the job ignore SIGINT
    """
    prefix = ["/bin/sh", "-c", "trap '' INT; exec \"$@\"", "sh"] if in_background else []
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(NOT_OURS)}
    return subprocess.Popen(
        [*prefix, sys.executable, "-m", "local", *arguments],
        cwd=ROOT,
        env=inherited | settings,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


@contextmanager
def running(*arguments: str, in_background: bool = False, **settings: str) -> Iterator[Run]:
    port = free_port()
    process = start(*arguments, in_background=in_background, PORT=str(port), **settings)
    assert process.stdout
    said = ""
    try:
        for line in process.stdout:
            said += line
            if "Ctrl-C" in line:
                break
        assert "Troupe is running" in said, said
        yield Run(process, port, said)
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


@contextmanager
def chromium() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=chromium_path(), args=["--no-sandbox", "--disable-background-networking"]
        )
        yield browser
        browser.close()


@dataclass
class Chat:
    """The chat page as one person sees it."""

    page: Page
    words: Mapping[str, str]

    def start(self) -> None:
        self.page.get_by_role("button", name=self.words["start"]).click()

    def write(self, text: str) -> None:
        box = self.page.get_by_role("textbox", name=self.words["box"])
        box.fill(text)
        box.press("Enter")

    def incoming(self) -> Locator:
        return self.page.locator(".message:not(.own):not(.draft)")

    def hears(self, text: str) -> None:
        expect(self.incoming().last).to_contain_text(text, timeout=PATIENCE_MS)

    def hears_something_after(self, count: int) -> str:
        """Waits for the message with this number, from 1; its text."""
        expect(self.incoming()).to_have_count(count, timeout=PATIENCE_MS)
        return self.incoming().last.inner_text()

    def pick(self, name: str) -> None:
        self.page.get_by_role("button", name=self.words["choose"]).last.click()
        self.page.frame_locator("iframe").locator(".row", has_text=name).click(timeout=PATIENCE_MS)
        self.start_chatting()

    def start_chatting(self) -> None:
        """With the client's button beneath a character's page."""
        self.page.get_by_role("button", name=self.words["chat"]).click(timeout=PATIENCE_MS)
        expect(self.page.locator("iframe")).to_have_count(0, timeout=PATIENCE_MS)


ENGLISH = {"start": "Start", "choose": "Choose a character", "box": "Message", "chat": "Start chatting"}
RUSSIAN = {"start": "Начать", "choose": "Выбрать персонажа", "box": "Сообщение", "chat": "Начать разговор"}


def open_chat(
    browser: Browser, url: str, query: str, words: Mapping[str, str], width: int = 1100, height: int = 800
) -> Chat:
    page = browser.new_page(viewport={"width": width, "height": height})
    page.goto(f"{url}/chat?{query}")
    return Chat(page, words)


def image(name: str) -> Path:
    return ROOT / "docs" / "images" / f"{name}.png"
