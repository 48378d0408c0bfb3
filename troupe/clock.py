"""The time, read in one place so that a test can move it."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

_ahead = timedelta()


def now_ms() -> int:
    """Milliseconds since 1970: the unit of all times in the tables but `sent_s` and `expires_at`."""
    return time.time_ns() // 1_000_000 + round(_ahead.total_seconds() * 1000)


def monotonic_s() -> float:
    """Seconds on a clock that is never set back: for deadlines and the age of caches."""
    return time.monotonic() + _ahead.total_seconds()


@contextmanager
def ahead_by(time_ahead: timedelta) -> Iterator[None]:
    """For tests: the whole process lives that much later until the block ends."""
    global _ahead  # noqa: PLW0603 - a process has one clock
    before, _ahead = _ahead, _ahead + time_ahead
    try:
        yield
    finally:
        _ahead = before
