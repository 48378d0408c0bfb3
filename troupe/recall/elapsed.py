"""How long ago something was, in words that hold in every time zone."""

MINUTE = 60_000
HOUR, DAY = 60 * MINUTE, 24 * 60 * MINUTE
# From this number of milliseconds on, time is counted in that unit.
UNITS = (
    (730 * DAY, 365 * DAY, "years"), (61 * DAY, 30 * DAY, "months"), (14 * DAY, 7 * DAY, "weeks"),
    (2 * DAY, DAY, "days"), (2 * HOUR, HOUR, "hours"), (2 * MINUTE, MINUTE, "minutes"),
)  # fmt: skip


def elapsed(ms: int) -> str:
    """As in "3 weeks", rounded down; "a moment" for less than two minutes."""
    return next((f"{ms // size} {unit}" for least, size, unit in UNITS if ms >= least), "a moment")
