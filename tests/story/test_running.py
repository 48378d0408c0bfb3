"""`make run` itself: it starts, it ends, and what is wrong it says in a line."""

import re
import signal
import socket
from pathlib import Path

import psutil
import pytest
from playwright.sync_api import Browser

from tests.story.running import ENGLISH, open_chat, running, start


@pytest.mark.parametrize("ending", [signal.SIGINT, signal.SIGTERM])
def test_every_process_ends_with_it(ending: signal.Signals) -> None:
    with running() as run:
        children = psutil.Process(run.process.pid).children(recursive=True)
        assert children
        assert run.stop(ending) == 0
        _, alive = psutil.wait_procs(children, timeout=10)
        assert alive == []


def test_a_killed_run_leaves_no_process_behind() -> None:
    with running() as run:
        children = psutil.Process(run.process.pid).children(recursive=True)
        run.stop(signal.SIGKILL)
        _, alive = psutil.wait_procs(children, timeout=10)
        assert alive == []


def test_only_loopback_listens() -> None:
    with running() as run:
        parent = psutil.Process(run.process.pid)
        listening = {
            connection.laddr.ip
            for process in [parent, *parent.children(recursive=True)]
            for connection in process.net_connections("inet")
            if connection.status == psutil.CONN_LISTEN
        }
        assert listening == {"127.0.0.1"}


def fails(**settings: str) -> str:
    process = start(**settings)
    said, _ = process.communicate(timeout=30)
    assert process.returncode == 1
    assert "Traceback" not in said
    return said


def test_a_taken_port_is_one_clear_line() -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = fails(PORT=port)
    assert said.strip() == f"Port {port} is taken. Set PORT to another, or end what listens there."


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
