"""The report of spending, for owners and operators."""

from dataclasses import dataclass

from troupe.clock import now_ms
from troupe.spending.days import BOT, BotDay, PersonDay, account_of, day_of
from troupe.spending.limits import Limit, Limits
from troupe.spending.money import dollars


@dataclass(frozen=True)
class Spending:
    """Dollars, with the estimates of requests under way; messages; requests to models; messages without an answer
    (of the whole bot); limits reached just now.
    """

    today: float = 0
    this_month: float = 0
    messages_today: int = 0
    messages_this_month: int = 0
    requests_today: int = 0
    failures_today: int = 0
    under_way: int = 0
    reached: tuple[Limit, ...] = ()


def of_bot(limits: Limits) -> Spending:
    """One query of at most 31 small rows."""
    return _sum(list(BotDay.query(BOT, BotDay.day.startswith(_month()))), limits)


def of_person(person_id: int, limits: Limits) -> Spending:
    """:param limits: of this person: `Limits.of`"""
    return _sum(list(PersonDay.query(account_of(person_id), PersonDay.day.startswith(_month()))), limits)


def _month() -> str:
    return day_of(now_ms())[:7]


def _sum(days: list[BotDay] | list[PersonDay], limits: Limits) -> Spending:
    now = now_ms()
    today = next((day for day in days if day.day == day_of(now)), None)
    month = sum(int(day.nanodollars) for day in days)
    return Spending(
        today=dollars(int(today.nanodollars)) if today else 0,
        this_month=dollars(month),
        messages_today=int(today.messages) if today else 0,
        messages_this_month=sum(int(day.messages) for day in days),
        requests_today=int(today.requests) if today else 0,
        failures_today=int(today.failures or 0) if isinstance(today, BotDay) else 0,
        under_way=len(today.open or ()) if today else 0,
        reached=_reached(today, month, limits, now),
    )


def _reached(today: BotDay | PersonDay | None, month: int, limits: Limits, now: int) -> tuple[Limit, ...]:
    if isinstance(today, PersonDay):
        # The limits that a next message would meet.
        limit = today.reached(limits, "", now)
        return (limit,) if limit else ()
    spent = {Limit.DAY: int(today.nanodollars) if today else 0, Limit.MONTH: month}
    most = {Limit.DAY: limits.bot_day, Limit.MONTH: limits.bot_month}
    return tuple(limit for limit in spent if most[limit] and spent[limit] >= most[limit])
