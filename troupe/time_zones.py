"""The time zone that a person has chosen: "+03:00", or a name such as "Europe/Berlin" where the machine knows names."""

import re
from datetime import datetime, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo

_OFFSET = re.compile(
    r"(?:utc|gmt)?\s*(?P<sign>[+\-\u2212\u2013]?)(?P<hours>\d{1,2})(?::?(?P<minutes>[0-5]\d))?", re.IGNORECASE
)
# Also the mathematical sign and the dash that phones write for it.
MINUS = {"-", "\u2212", "\u2013"}
_NAME = re.compile(r"[A-Za-z]+(?:/[A-Za-z_+-]+){1,2}")
# The zones of the world, in minutes from UTC.
WESTERNMOST, EASTERNMOST = -12 * 60, 14 * 60


def parse(written: str) -> str | None:
    """Takes "+3", "UTC-5:30" or "Asia/Kolkata". None if it is no time zone."""
    written = written.strip()
    if _NAME.fullmatch(written):
        return written if zone(written) else None
    found = _OFFSET.fullmatch(written)
    if not found:
        return None
    minutes = int(found["hours"]) * 60 + int(found["minutes"] or 0)
    return offset(-minutes if found["sign"] in MINUS else minutes)


def offset(minutes: int) -> str | None:
    """:param minutes: from UTC, to the east"""
    if not WESTERNMOST <= minutes <= EASTERNMOST:
        return None
    hours, rest = divmod(abs(minutes), 60)
    return f"{'-' if minutes < 0 else '+'}{hours:02}:{rest:02}"


def zone(stored: str) -> tzinfo | None:
    """None for a name that this machine does not know."""
    if stored[:1] in {"+", "-"}:
        hours, minutes = stored[1:].split(":")
        ahead = timedelta(hours=int(hours), minutes=int(minutes))
        return timezone(-ahead if stored[0] == "-" else ahead)
    try:
        return ZoneInfo(stored)
    except (OSError, ValueError, KeyError):
        return None


def local_time(stored: str, at_ms: int) -> datetime | None:
    found = zone(stored)
    return datetime.fromtimestamp(at_ms / 1000, found) if found else None
