"""`make run` itself: it starts, it ends, and it names a mistake in one line."""

import json
import re
import shutil
import signal
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import psutil
import pytest
from playwright.sync_api import Browser

from local.run import run_folder
from tests.story.running import ENGLISH, PATIENCE_S, Run, open_chat, running, start


# A shell starts a job in the background with SIGINT ignored.
@pytest.mark.parametrize(
    ("ending", "in_background"), [(signal.SIGTERM, False), (signal.SIGINT, True)], ids=["SIGTERM", "SIGINT"]
)
def test_every_process_ends_with_it(ending: signal.Signals, *, in_background: bool) -> None:
    with running(in_background=in_background) as run:
        children = psutil.Process(run.process.pid).children(recursive=True)
        assert children
        assert run.stop(ending) == 0
        _, alive = psutil.wait_procs(children, timeout=PATIENCE_S)
        assert alive == []


def test_only_loopback_listens_and_a_killed_run_leaves_no_process_behind() -> None:
    with running() as run:
        parent = psutil.Process(run.process.pid)
        children = parent.children(recursive=True)
        listening = {
            connection.laddr.ip
            for process in [parent, *children]
            for connection in process.net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}
        run.stop(signal.SIGKILL)
        _, alive = psutil.wait_procs(children, timeout=PATIENCE_S)
        assert alive == []


def fails(**settings: str) -> str:
    process = start(in_background=False, **settings)
    said, _ = process.communicate(timeout=PATIENCE_S)
    assert process.returncode == 1
    assert "Traceback" not in said
    return said


def test_all_wrong_settings_are_named_at_once() -> None:
    said = fails(PORT="eighty", TELEGRAM_API_URL="not a url", OPENAI_BASE_URL="ftp://x", AWS_ENDPOINT_URL="4566")
    for name in (
        "PORT",
        "TELEGRAM_API_URL",
        "TELEGRAM_BOT_TOKEN",
        "WEBHOOK_SECRET",
        "OPENAI_BASE_URL",
        "AWS_ENDPOINT_URL",
    ):
        assert re.search(rf"^{name}\b", said, re.MULTILINE), f"{name} in {said}"


def test_the_real_telegram_wants_an_https_page() -> None:
    said = fails(TELEGRAM_BOT_TOKEN="123:abc", WEBAPP_URL="http://localhost:8000/")
    assert said.startswith("WEBAPP_URL")
    assert "123:abc" not in said


@contextmanager
def keeping() -> Iterator[Run]:
    """A run that keeps its data where it does by default."""
    with running("--keep") as run:
        try:
            yield run
        finally:
            shutil.rmtree(run_folder(run.port))


def test_two_runs_share_no_port_no_logs_and_no_kept_data() -> None:
    with keeping() as first:
        log = run_folder(first.port) / "functions.log"
        assert str(log) in first.said
        answered(first.url, "I keep bees in the attic.")
        written = log.read_text()
        assert written
        with keeping() as second:
            answered(second.url, "I keep a goat.")
            assert fails(PORT=str(first.port)).strip() == (
                f"Port {first.port} is taken. Set PORT to another, or stop the process that listens there."
            )
            assert log.read_text().startswith(written)
            runs = (first, second)
            for run in runs:
                run.stop()
            kept = [(run_folder(run.port) / "data" / "telegram.json").read_text() for run in runs]
    assert [("bees" in each, "goat" in each) for each in kept] == [(True, False), (False, True)]


def answered(url: str, text: str) -> None:
    """A person writes, and the bot answers."""
    for path, body in (("", {}), ("/messages", {"text": text})):
        request = urllib.request.Request(  # noqa: S310 - our own server
            f"{url}/simulator/users/2200{path}", json.dumps(body).encode(), {"Content-Type": "application/json"}
        )
        urllib.request.urlopen(request).close()  # noqa: S310 - as above
    deadline = time.monotonic() + 60
    while len(seen(url)) < 2 and time.monotonic() < deadline:
        time.sleep(0.1)
    assert len(seen(url)) == 2


def seen(url: str) -> Any:
    with urllib.request.urlopen(f"{url}/simulator/chats/2200/messages") as response:  # noqa: S310 - our own server
        return json.load(response)["messages"]


def test_a_conversation_survives_a_restart_when_asked_to(browser: Browser, tmp_path: Path) -> None:
    keep = ("--keep", str(tmp_path / "kept"))
    with running(*keep) as run:
        chat = open_chat(browser, run.url, "user=2100&lang=en&name=Anna", ENGLISH)
        chat.start()
        chat.pick("Mario")
        chat.write("I keep bees in the attic.")
        chat.hears_something_after(3)
        run.stop()

    with running(*keep) as run:
        chat = open_chat(browser, run.url, "user=2100&lang=en&name=Anna", ENGLISH)
        chat.hears_something_after(3)
        chat.write("Hello again!")
        chat.hears_something_after(4)
        calls = chat.page.request.get(f"{run.url}/openai/calls").json()

    assert "bees in the attic" in str(calls)
