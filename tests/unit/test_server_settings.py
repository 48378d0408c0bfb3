"""Servers as people write their addresses."""

import os
import subprocess
import sys

import pytest

from troupe.settings import Environment

NEEDED = {
    "TELEGRAM_BOT_TOKEN": "1:token", "OPENAI_API_KEY": "key", "WEBAPP_URL": "https://picker.example/",
    "REPLY_QUEUE_URL": "https://queue.example/q", "DEAD_LETTER_QUEUE_URL": "https://queue.example/d",
    "USERS_TABLE": "u", "CHARACTERS_TABLE": "c", "TURNS_TABLE": "t", "CONVERSATIONS_TABLE": "v",
    "PSEUDONYM_KEY": "k" * 43, "SPENDING_TABLE": "s", "MEMORIES_TABLE": "m", "AMPLITUDE_API_KEY": "a",
}  # fmt: skip


@pytest.mark.parametrize("written", ["http://localhost:8081", "http://localhost:8081/", "http://localhost:8081//"])
def test_an_address_may_end_with_a_slash(written: str) -> None:
    assert Environment({"TELEGRAM_API_URL": written}).server("TELEGRAM_API_URL") == "http://localhost:8081"


def test_a_bot_api_server_behind_a_path_keeps_its_path() -> None:
    environment = Environment({"TELEGRAM_API_URL": "https://example.org/telegram/"})
    assert environment.server("TELEGRAM_API_URL") == "https://example.org/telegram"


def test_the_reply_function_asks_the_bot_api_server_at_the_right_path() -> None:
    program = "from functions.llm_reply.messaging.bot_client import bot; print(bot().base_url)"
    variables = {"PATH": os.environ["PATH"], "TELEGRAM_API_URL": "http://localhost:8081/"} | NEEDED
    done = subprocess.run([sys.executable, "-c", program], env=variables, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "http://localhost:8081/bot1:token"
