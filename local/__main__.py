"""`make run`: the product on this machine. Ctrl-C stops it."""

import argparse
import asyncio
import logging
import os
import signal
import sys
from pathlib import Path

from local import settings
from local.model_servers import with_local_model
from troupe.settings import SettingsError


def main() -> int:
    options = _options()
    # A shell starts a background job with SIGINT ignored, and asyncio ends this on SIGINT only where it is not.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    logging.basicConfig(level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s", stream=sys.stderr)
    try:
        wanted = settings.read(with_local_model(os.environ))
    except SettingsError as error:
        print(error, file=sys.stderr)
        return 1
    try:
        # Imported here, because it takes seconds, and a wrong setting should be named at once.
        from local.run import EXPECTED_ERRORS, run, run_folder  # noqa: PLC0415 - see above

        folder = run_folder(wanted.port)
        data = None if options.keep is None else Path(options.keep or folder / "data")
        asyncio.run(run(wanted, data, folder))
    except KeyboardInterrupt:
        pass
    except EXPECTED_ERRORS as error:
        print(error, file=sys.stderr)
        return 1
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


if __name__ == "__main__":
    sys.exit(main())
