"""The limits on messages and money, and the window of each."""

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Self

from troupe.settings import Environment
from troupe.spending.money import nanodollars
from troupe.users import User

MINUTE_MS = 60_000


class Limit(StrEnum):
    """The values are the names that a turn's row, metrics and logs have."""

    MINUTE = "messages_per_minute"
    MESSAGES = "messages_per_day"
    PERSON = "dollars_per_person_day"
    DAY = "dollars_per_day"
    MONTH = "dollars_per_month"

    @property
    def is_of_bot(self) -> bool:
        """The whole bot has reached it, not one person."""
        return self in (Limit.DAY, Limit.MONTH)

    def renews_at(self, now_ms: int) -> int:
        """The next minute, day or month in UTC, in milliseconds since 1970."""
        if self is Limit.MINUTE:
            return (now_ms // MINUTE_MS + 1) * MINUTE_MS
        today = datetime.fromtimestamp(now_ms / 1000, UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        # 31 days after the first of a month is a day of the next month.
        after = today.replace(day=1) + timedelta(days=31) if self is Limit.MONTH else today + timedelta(days=1)
        return round((after.replace(day=1) if self is Limit.MONTH else after).timestamp() * 1000)


@dataclass(frozen=True)
class Limits:
    """Money in nanodollars. 0 switches a limit off."""

    messages_per_minute: int = 0
    messages_per_day: int = 0
    person_day: int = 0
    bot_day: int = 0
    bot_month: int = 0

    @classmethod
    def read(cls, environment: Environment) -> Self:
        return cls(
            messages_per_minute=environment.number("MESSAGES_PER_MINUTE", default=20, least=0, most=1000),
            messages_per_day=environment.number("MESSAGES_PER_DAY", default=500, least=0, most=100_000),
            person_day=nanodollars(environment.dollars("DOLLARS_PER_PERSON_DAY", default=0.25)),
            bot_day=nanodollars(environment.dollars("DOLLARS_PER_DAY", default=10)),
            bot_month=nanodollars(environment.dollars("DOLLARS_PER_MONTH", default=100)),
        )

    def of(self, user: User | None) -> Self:
        """With the allowance on the person's row, which overrides the settings."""
        messages = user.messages_per_day if user else None
        money = user.dollars_per_day if user else None
        return replace(
            self,
            messages_per_day=self.messages_per_day if messages is None else int(messages),
            person_day=self.person_day if money is None else nanodollars(money),
        )

    def lowered_by(self, user: User) -> frozenset[str]:
        """The attributes of the person's row that allow them less than anybody else."""
        own = self.of(user)
        lower = {
            "messages_per_day": _is_lower(own.messages_per_day, self.messages_per_day),
            "dollars_per_day": _is_lower(own.person_day, self.person_day),
        }
        return frozenset(name for name, is_lower in lower.items() if is_lower)


def _is_lower(limit: int, other: int) -> bool:
    """0 is no limit."""
    return limit > 0 and (other == 0 or limit < other)


class LimitReachedError(Exception):
    """The model was not asked.

    :param was_told: the person knows already that this limit is reached in this window
    """

    def __init__(self, limit: Limit, now_ms: int, *, was_told: bool) -> None:
        super().__init__(f"{limit.value} is reached")
        self.limit = limit
        self.renews_at = limit.renews_at(now_ms)
        self.wait_ms = self.renews_at - now_ms
        self.was_told = was_told
