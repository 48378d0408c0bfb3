"""A run until it is stopped, and what the terminal says of it."""

import asyncio
import os
import signal
import sys
from pathlib import Path

from local.emulator import ROOT, EmulatorError
from local.model_servers import hint
from local.settings import LocalSettings, Telegram
from local.simulator.state import SavedStateError
from local.stack import PortTakenError, Stack, running_stack
from local.telegram_polling import PollingRefusedError
from local.template import TemplateError
from publishing.card_file import CardError
from troupe.settings import SettingsError

RUNS = ROOT / ".run"
# Their messages are for the person at the terminal: no traceback.
EXPECTED_ERRORS = (
    SettingsError, EmulatorError, PortTakenError, PollingRefusedError, TemplateError, CardError, SavedStateError,
)  # fmt: skip


def run_folder(port: int) -> Path:
    """Logs and kept data of the run on this port, so that two runs in one checkout don't share files."""
    return RUNS / str(port)


async def run(wanted: LocalSettings, data: Path | None, logs: Path) -> None:
    # The functions print JSON log lines, as in Lambda. The lines go to a file, so that the terminal stays readable.
    terminal = sys.stdout
    stopping = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopping.set)
    async with running_stack(wanted, data, logs=logs) as stack:
        print(_banner(wanted, stack, data, logs), file=terminal, flush=True)
        waiting = [asyncio.create_task(stopping.wait()), *([stack.polling] if stack.polling else [])]
        done, _ = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        for task in done:
            task.result()


def _banner(wanted: LocalSettings, stack: Stack, data: Path | None, logs: Path) -> str:
    here = f"http://localhost:{wanted.port}"
    of = wanted.functions
    chat = {
        Telegram.SIMULATED: f"Open {here}/chat and press Start.",
        Telegram.POLLED: "Write to your bot in Telegram.",
        Telegram.NAMED: f"Updates: POST {here}/telegram/webhook, from {of['TELEGRAM_API_URL']}",
    }[wanted.telegram]
    model = (
        f"offline; {hint(os.environ)}" if wanted.offline_model else f"{of['OPENAI_MODEL']} at {of['OPENAI_BASE_URL']}"
    )
    events = f"{here}/amplitude/events" if wanted.own_amplitude else of["AMPLITUDE_SERVER_URL"]
    return "\n".join(
        [
            "",
            f"  Troupe is running. {chat}",
            "",
            f"  Telegram  {wanted.telegram.value}",
            f"  model     {model}",
            f"  events    {events}",
            f"  AWS       {stack.aws.endpoint_url}",
            f"  data      {f'kept in {data}' if data else 'deleted at the end (to keep it: make run ARGS=--keep)'}",
            f"  logs      {logs / 'functions.log'}",
            "",
            "  Ctrl-C stops it.",
        ]
    )
