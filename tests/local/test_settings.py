"""Wrong settings are named together, before anything starts."""

import os
import subprocess
import sys

import pytest

from local.emulator import ROOT
from local.settings import read
from troupe.settings import SettingsError

WRONG = {
    "OPENAI_PRICES": "0.1/0.5",
    "HISTORY_TOKENS": "200001",
    "AGE_STATEMENT": "22",
    "AI_REMINDER_HOURS": "25",
    "NEWCOMER_HOURS": "721",
    "MODEL_TIMEOUT_S": "0",
    "TELEGRAM_TIMEOUT_S": "61",
}


def test_a_wrong_setting_of_the_reply_function_is_named_beside_a_wrong_port() -> None:
    with pytest.raises(SettingsError) as refused:
        read({"PORT": "eighty", **WRONG})
    named = {line.split()[0] for line in str(refused.value).splitlines()}
    assert named == {"PORT", *WRONG}


def test_make_run_and_the_reply_function_have_the_same_limits() -> None:
    with pytest.raises(SettingsError) as refused:
        read(WRONG)
    command = [sys.executable, "-c", "import functions.llm_reply.settings"]
    environment = {"PATH": os.defpath, "PYTHONPATH": str(ROOT), **WRONG}
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert set(str(refused.value).splitlines()) <= {
        line.removeprefix("troupe.settings.SettingsError: ") for line in done.stderr.splitlines()
    }


def test_the_largest_and_smallest_values_are_taken() -> None:
    given = {"OPENAI_PRICES": "0.1/0.01/0.125/0.5", "HISTORY_TOKENS": "0"}
    limits = {"MODEL_TIMEOUT_S": "600", "TELEGRAM_TIMEOUT_S": "60"}
    assert given.items() <= read(given | limits).functions.items()
