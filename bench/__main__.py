"""`make bench`: every measurement in one run, side by side.

python -m bench [PART ...] [-n ROUNDS]
python -m bench memory [--data FOLDER] [--judge]
"""

import argparse
import os
import platform
import subprocess
import sys
from datetime import UTC, datetime

from artefacts.failure import BuildError
from artefacts.package import ROOT
from bench.packages import build
from bench.parts import PARTS

ROUNDS = 15
MEMORY = "memory"


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure Troupe on this machine.")
    parser.add_argument(
        "parts",
        nargs="*",
        metavar="PART",
        help=f"{', '.join(PARTS)}; all of these if none is named. Or {MEMORY}, alone",
    )
    parser.add_argument("-n", type=int, default=ROUNDS, metavar="ROUNDS", help="of each measurement (%(default)s)")
    if MEMORY in sys.argv[1:]:
        # It needs no packages, and has options of its own.
        command = [sys.executable, "-m", "bench.recall.part", *(each for each in sys.argv[1:] if each != MEMORY)]
        return subprocess.run(command, check=False).returncode  # noqa: S603 - ours
    options = parser.parse_args()
    unknown = set(options.parts) - PARTS.keys()
    if unknown:
        parser.error(f"there is no {', '.join(sorted(unknown))}")
    try:
        build()
    except BuildError as error:
        print(error, file=sys.stderr)
        return 1
    print(
        f"{datetime.now(UTC):%d %B %Y}, {os.cpu_count()} x {_processor()}; {_commit()}; {options.n} rounds", flush=True
    )
    # Each part runs in a process of its own: functions read their settings once per process.
    commands = [[sys.executable, "-m", "bench.parts", part, str(options.n)] for part in options.parts or PARTS]
    return max(subprocess.run(command, check=False).returncode for command in commands)  # noqa: S603 - ours


def _commit() -> str:
    described = ["git", "describe", "--always", "--dirty"]
    try:
        return subprocess.run(described, capture_output=True, text=True, check=True, cwd=ROOT).stdout.strip()  # noqa: S603
    except (OSError, subprocess.CalledProcessError):
        return "no commit"


def _processor() -> str:
    try:
        with open("/proc/cpuinfo", encoding="utf-8") as lines:  # noqa: PTH123 - the kernel's, not a file of ours
            return next(line.split(":")[1].strip() for line in lines if line.startswith("model name"))
    except (OSError, StopIteration):
        return platform.processor()


if __name__ == "__main__":
    sys.exit(main())
