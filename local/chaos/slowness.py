"""How busy this machine is, so that a chaos run's time limits can allow for it."""

import os
import subprocess
import sys
import time

WORK = "sum(n * n for n in range(6_000_000))"
PROCESSES_PER_CORE = 3
# An idle laptop takes a second. The limits in `world` hold up to here.
REFERENCE_S = 1.2
# Most faults are followed by a wait for a dead worker's time limit, so a run takes this many times as long.
MAX_SLOWNESS = 4.0


def slowness() -> float:
    """1.0 where the work takes REFERENCE_S or less, 3.0 where it takes three times as long, at most MAX_SLOWNESS.

    Several processes for each core, because a chaos run has as many: beside other busy processes each gets a small
    share of a core.
    """
    started = time.monotonic()
    command = [sys.executable, "-I", "-S", "-c", WORK]
    working = [subprocess.Popen(command) for _ in range(PROCESSES_PER_CORE * (os.cpu_count() or 1))]  # noqa: S603 - our own interpreter
    for each in working:
        each.wait()
    return min(max(1.0, (time.monotonic() - started) / REFERENCE_S), MAX_SLOWNESS)
