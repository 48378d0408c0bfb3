"""The bot's row of a day, to which every worker adds: bookings that a process makes at the same time are one write.

DynamoDB bills each write, and takes a thousand a second to one item.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from troupe import tables
from troupe.observability import logger
from troupe.spending.days import BOT, BotDay
from troupe.spending.limits import Limit, Limits
from troupe.spending.merging import Merged


@dataclass(frozen=True)
class Entry:
    """The numbers that a booking adds to the row. They may be below 0."""

    booking: str
    nanodollars: int
    messages: int = 0
    requests: int = 0


def reserve(limits: Limits, day: str, entry: Entry) -> Limit | None:
    """The limit of the whole bot that forbids the booking. None: it is made, once."""
    most, limit = _most_today(limits, day)
    return None if _reserving.write((day, most), entry) else limit


def settle(day: str, entry: Entry) -> None:
    """Changes nothing if the booking was settled before."""
    if not _settling.write(day, entry):
        logger.debug("A booking was settled before")


def _reserve(key: tuple[str, int | None], entries: list[Entry]) -> bool:
    day, most = key
    condition = _all_of([~BotDay.open.contains(entry.booking) for entry in entries])
    if most is not None:
        # The last one is admitted if the row is below the limit with the others.
        below = most - sum(entry.nanodollars for entry in entries[:-1])
        is_below = BotDay.nanodollars < below
        condition &= (BotDay.nanodollars.does_not_exist() | is_below) if below > 0 else is_below
    actions = [BotDay.open.add({entry.booking for entry in entries})]
    if _changed(day, entries, actions, condition):
        return True
    if len(entries) > 1:
        return False
    found = BotDay.find(BOT, day)
    # If it is there, an earlier try of this request got through, and its answer was lost.
    return bool(found and entries[0].booking in (found.open or ()))


def _settle(day: str, entries: list[Entry]) -> bool:
    condition = _all_of([BotDay.open.contains(entry.booking) for entry in entries])
    return _changed(day, entries, [BotDay.open.delete({entry.booking for entry in entries})], condition)


_reserving, _settling = Merged(_reserve), Merged(_settle)


def _changed(day: str, entries: Sequence[Entry], actions: Sequence[Action], condition: Condition) -> bool:
    """False if the condition was false, or if one booking is there twice: each is then written by itself."""
    if len({entry.booking for entry in entries}) < len(entries):
        return False
    sums = [
        BotDay.nanodollars.add(sum(entry.nanodollars for entry in entries)),
        BotDay.messages.add(sum(entry.messages for entry in entries)),
        BotDay.requests.add(sum(entry.requests for entry in entries)),
    ]
    try:
        BotDay(BOT, day).update(actions=[*sums, *actions], condition=condition)
    except UpdateError as error:
        if not tables.condition_failed(error):
            raise
        return False
    return True


def _all_of(conditions: Sequence[Condition]) -> Condition:
    first, *others = conditions
    for other in others:
        first &= other
    return first


def _most_today(limits: Limits, day: str) -> tuple[int | None, Limit]:
    """The nanodollars below which the bot must be today to go on, None for any, and the limit that says so."""
    left = max(0, limits.bot_month - _earlier_in_month(day)) if limits.bot_month else None
    if left is None or 0 < limits.bot_day < left:
        return limits.bot_day or None, Limit.DAY
    return left, Limit.MONTH


@lru_cache(maxsize=2)
def _earlier_in_month(day: str) -> int:
    """Nanodollars. Each process reads them once a day: bookings settled after midnight are too few to matter."""
    rows = BotDay.query(BOT, BotDay.day.between(f"{day[:7]}-01", f"{day[:8]}{int(day[8:]) - 1:02}"))
    return sum(int(row.nanodollars) for row in rows) if day[8:] != "01" else 0
