"""The one place that books spending: reserved before a model is asked, settled with the real cost afterwards.

A booking is one request to a model. An attempt that died leaves its booking open, at the estimate: it may have been
billed. The next attempt makes a booking of its own. A booking's name makes every write harmless when it is repeated.
"""

import os
from dataclasses import dataclass, field, replace
from functools import lru_cache

from pynamodb.exceptions import PutError, PynamoDBException, UpdateError

from troupe import tables
from troupe.clock import now_ms
from troupe.observability import logger
from troupe.spending.days import BOT, KEPT_S, BotDay, PersonDay, account_of, day_of
from troupe.spending.limits import Limit, LimitReachedError, Limits

# Writers of one person's row: their chat's worker and that of their summary, seldom at once.
MAX_TRIES = 20


@dataclass(frozen=True)
class Spender:
    """The person for whom a model is asked, with their limits.

    :param message: names what the person asked for, to count it once however often the model is asked; None for work
        that nobody asked for, as a summary
    """

    person_id: int
    limits: Limits
    message: str | None = None


@dataclass(frozen=True)
class Booking:
    """`estimate` in nanodollars; `day` is the day whose rows have it; `row` is the person's as it was written."""

    name: str
    person_id: int
    day: str
    estimate: int
    row: PersonDay | None = field(default=None, compare=False, repr=False)


class ContendedError(PynamoDBException):
    """Others changed a person's row at every try. One of troupe.tables.ERRORS: another try may succeed."""


def reserve(spender: Spender, estimate: int) -> Booking:
    """Reads tables: call it on a thread. Two writes.

    :param estimate: in nanodollars, rather too high than too low
    :raises LimitReachedError: nothing is booked, and the model must not be asked
    :raises troupe.tables.ERRORS: the table can't be reached; something may stay booked
    """
    now = now_ms()
    booking = Booking(os.urandom(6).hex(), spender.person_id, day_of(now), estimate)
    row = _admitted(spender, booking, now)
    counted = spender.message is not None and spender.message != row.counted
    _book_for_bot(spender.limits, booking, row, now, messages=int(counted))
    for _ in range(MAX_TRIES):
        row.book(booking.name, estimate, spender.message, now)
        if _saved(row):
            return replace(booking, row=row)
        try:
            row = _admitted(spender, booking, now)
        except LimitReachedError:
            _settle_for_bot(booking, 0, messages=-int(counted))
            raise
        if booking.name in row.open:
            return booking
    raise ContendedError


def settle(booking: Booking, cost: int) -> None:
    """Two writes. A repeat changes nothing.

    :param cost: in nanodollars
    :raises troupe.tables.ERRORS: the table can't be reached; the estimate may stay booked
    """
    _settle_for_bot(booking, cost)
    # As a rule no other worker has changed the row since, so the first try does without a read.
    row = booking.row
    for _ in range(MAX_TRIES):
        is_fresh = row is None
        row = row or _day(booking.person_id, booking.day)
        if row.settle(booking.name, cost):
            if _saved(row):
                return
        elif is_fresh:
            return
        row = None
    raise ContendedError


def note_told(person_id: int, limit: Limit) -> None:
    """Notes that the person was told of the limit: they are told again when it has renewed."""
    now = now_ms()
    for _ in range(MAX_TRIES):
        row = _day(person_id, day_of(now))
        if row.was_told(limit, now):
            return
        row.told = {**row.told, limit: limit.renews_at(now)}
        if _saved(row):
            return
    raise ContendedError


def _day(person_id: int, day: str) -> PersonDay:
    return PersonDay.find(account_of(person_id), day) or PersonDay(account_of(person_id), day)


def _admitted(spender: Spender, booking: Booking, now: int) -> PersonDay:
    """:raises LimitReachedError: the person has reached a limit"""
    row = _day(spender.person_id, booking.day)
    limit = None if booking.name in row.open else row.reached(spender.limits, spender.message, now)
    if limit:
        raise LimitReachedError(limit, now, was_told=row.was_told(limit, now))
    return row


def _saved(row: PersonDay) -> bool:
    """False if somebody else has changed the row since it was read."""
    before = row.revision
    unchanged = PersonDay.revision == before if before else PersonDay.account.does_not_exist()
    row.revision, row.expires_at = before + 1, now_ms() // 1000 + KEPT_S
    try:
        row.save(condition=unchanged)
    except PutError as error:
        if not tables.condition_failed(error):
            raise
        return False
    return True


def _book_for_bot(limits: Limits, booking: Booking, person: PersonDay, now: int, *, messages: int) -> None:
    """:raises LimitReachedError: the whole bot has reached a limit"""
    row, condition = BotDay(BOT, booking.day), ~BotDay.open.contains(booking.name)
    most, limit = _most_today(limits, booking.day)
    if most is not None:
        is_below = BotDay.nanodollars < most
        condition &= (BotDay.nanodollars.does_not_exist() | is_below) if most else is_below
    try:
        row.update(
            actions=[
                BotDay.nanodollars.add(booking.estimate),
                BotDay.messages.add(messages),
                BotDay.requests.add(1),
                BotDay.open.add({booking.name}),
            ],
            condition=condition,
        )
    except UpdateError as error:
        if not tables.condition_failed(error):
            raise
        found = BotDay.find(BOT, booking.day)
        # Otherwise an earlier try of this request got through, and its answer was lost.
        if not found or booking.name not in (found.open or ()):
            raise LimitReachedError(limit, now, was_told=person.was_told(limit, now)) from error


def _settle_for_bot(booking: Booking, cost: int, messages: int = 0) -> None:
    try:
        BotDay(BOT, booking.day).update(
            actions=[
                BotDay.nanodollars.add(cost - booking.estimate),
                BotDay.messages.add(messages),
                BotDay.open.delete({booking.name}),
            ],
            condition=BotDay.open.contains(booking.name),
        )
    except UpdateError as error:
        if not tables.condition_failed(error):
            raise
        logger.debug("A booking was settled before")


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
