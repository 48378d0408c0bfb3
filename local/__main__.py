"""`make run`: the product on this machine. Ctrl-C stops it."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from local import settings
from local.emulator import EmulatorError
from local.model_servers import hint, with_local_model
from local.settings import LocalSettings, Telegram
from local.simulator.state import SavedStateError
from local.stack import PortTakenError, Stack, run_folder, running_stack
from local.telegram_polling import PollingRefusedError
from local.template import TemplateError
from publishing.card_file import CardError
from troupe.settings import SettingsError

# Their messages are for the person at the terminal: no traceback.
EXPECTED_ERRORS = (
    SettingsError, EmulatorError, PortTakenError, PollingRefusedError, TemplateError, CardError, SavedStateError,
)  # fmt: skip


def main() -> int:
    options = _options()
    # A shell starts a background job with SIGINT ignored, and asyncio ends this on SIGINT only where it is not.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        wanted = settings.read(with_local_model(os.environ))
        folder = run_folder(wanted.port)
        data = None if options.keep is None else Path(options.keep or folder / "data")
        asyncio.run(_run(wanted, data, folder))
    except EXPECTED_ERRORS as error:
        print(error, file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        pass
    print("Stopped.")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="make run", description="Run Troupe on this machine. Settings: see README.")
    parser.add_argument(
        "--keep",
        nargs="?",
        const="",
        metavar="FOLDER",
        help="keep people, chats and pending work for the next run (in .run/<PORT>/data, or in FOLDER)",
    )
    return parser.parse_args()


async def _run(wanted: LocalSettings, data: Path | None, logs: Path) -> None:
    # The functions print JSON log lines, as in Lambda. They go to a file, so that the terminal stays readable.
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


if __name__ == "__main__":
    sys.exit(main())
