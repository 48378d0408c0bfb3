"""A time to wait, rounded as people say it."""

import math

MINUTE_MS, HOUR_MS, DAY_MS = 60_000, 3_600_000, 86_400_000


def rounded(wait_ms: int) -> tuple[int, int]:
    """A number, never 0, and its unit: 0 for minutes, 1 for hours, 2 for days. Never less than the time itself."""
    minutes, hours = max(1, math.ceil(wait_ms / MINUTE_MS)), math.ceil(wait_ms / HOUR_MS)
    if minutes < 60:  # noqa: PLR2004 - an hour
        return minutes, 0
    return (hours, 1) if hours <= 36 else (math.ceil(wait_ms / DAY_MS), 2)  # noqa: PLR2004 - a day and a half
