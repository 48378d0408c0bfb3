"""The one place that books spending: reserved before a model is asked, settled with the real cost afterwards.

A booking is one request to a model. An attempt that died leaves its booking open, at the estimate: it may have been
billed. The next attempt makes a booking of its own. A booking's name makes every write harmless when it is repeated.
"""

import os
from dataclasses import dataclass, field, replace

from pynamodb.exceptions import PutError, PynamoDBException

from troupe import tables
from troupe.clock import now_ms
from troupe.spending import bot_account
from troupe.spending.bot_account import Entry
from troupe.spending.days import KEPT_S, PersonDay, account_of, day_of
from troupe.spending.limits import Limit, LimitReachedError, Limits

# Writers of one person's row: their chat's worker and that of their summary, seldom at once.
MAX_TRIES = 20


@dataclass(frozen=True)
class Spender:
    """The person for whom a model is asked, with their limits.

    :param message: names what the person asked for, to count it once however often the model is asked; None for work
        that nobody asked for, as a summary
    :param row: the person's of today, if it was just read; for one booking only
    """

    person_id: int
    limits: Limits
    message: str | None = None
    row: PersonDay | None = field(default=None, compare=False, repr=False)


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
    row = _admitted(spender, booking, now, spender.row)
    counted = spender.message is not None and spender.message != row.counted
    refused = bot_account.reserve(spender.limits, booking.day, Entry(booking.name, estimate, int(counted), requests=1))
    if refused:
        raise LimitReachedError(refused, now, was_told=row.was_told(refused, now))
    for _ in range(MAX_TRIES):
        row.book(booking.name, estimate, spender.message, now)
        if _saved(row):
            return replace(booking, row=row)
        try:
            row = _admitted(spender, booking, now)
        except LimitReachedError:
            _undo_for_bot(booking, int(counted))
            raise
        if booking.name in row.open:
            return booking
        if counted and row.counted == spender.message:
            # Another booking has counted the message since the row was read.
            _undo_for_bot(booking, int(counted))
            return reserve(replace(spender, row=None), estimate)
    raise ContendedError


def settle(booking: Booking, cost: int) -> None:
    """Two writes. A repeat changes nothing.

    :param cost: in nanodollars
    :raises troupe.tables.ERRORS: the table can't be reached; the estimate may stay booked
    """
    bot_account.settle(booking.day, Entry(booking.name, cost - booking.estimate))
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


def key_today(person_id: int) -> tuple[str, str]:
    """Of the person's row."""
    return account_of(person_id), day_of(now_ms())


def _admitted(spender: Spender, booking: Booking, now: int, known: PersonDay | None = None) -> PersonDay:
    """:param known: the row as somebody read it before; a row that has changed since can't be saved

    :raises LimitReachedError: the person has reached a limit
    """
    if known and known.day == booking.day and not known.reached(spender.limits, spender.message, now):
        return known
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


def _undo_for_bot(booking: Booking, messages: int) -> None:
    bot_account.settle(booking.day, Entry(booking.name, -booking.estimate, -messages, requests=-1))
