"""Limits a process to a share of a processor, as Lambda does: 1,769 MB of memory buy a whole one."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

# https://docs.aws.amazon.com/lambda/latest/dg/configuration-memory.html
MB_OF_ONE = 1769
PERIOD_US = 20_000
ROOT = Path("/sys/fs/cgroup")


class NoQuotaError(RuntimeError):
    """The machine does not let us limit a process: we can't write to its kernel's control groups."""


@contextmanager
def limited(pid: int, memory_mb: int, slowness: float = 1) -> Iterator[None]:
    """:param slowness: of this machine, see `bench.slowness`: a slower one gives so much more of its time
    :raises NoQuotaError: the process is not limited
    """
    quota = round(PERIOD_US * memory_mb / MB_OF_ONE * slowness)
    one, two = ROOT / "cpu", ROOT / "cgroup.controllers"
    group = (one if one.is_dir() else ROOT) / f"bench-{os.getpid()}-{pid}"
    try:
        group.mkdir()
        if two.exists():
            (group / "cpu.max").write_text(f"{quota} {PERIOD_US}", encoding="ascii")
        else:
            (group / "cpu.cfs_period_us").write_text(str(PERIOD_US), encoding="ascii")
            (group / "cpu.cfs_quota_us").write_text(str(quota), encoding="ascii")
        (group / "cgroup.procs").write_text(str(pid), encoding="ascii")
    except OSError as error:
        raise NoQuotaError(str(error)) from error
    try:
        yield
    finally:
        (group.parent / "cgroup.procs").write_text(str(pid), encoding="ascii")
        group.rmdir()
