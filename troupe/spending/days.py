"""The rows of the spending table: a day (UTC) of one person, and the same day of the whole bot."""

from datetime import UTC, datetime

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute, UnicodeSetAttribute

from troupe.spending.limits import MINUTE_MS, Limit, Limits
from troupe.tables import Table

BOT = "bot"
# How long a person's rows are kept: the account of a month needs 31 days.
KEPT_S = 40 * 24 * 3600


def account_of(person_id: int) -> str:
    return f"person:{person_id}"


def day_of(now_ms: int) -> str:
    return datetime.fromtimestamp(now_ms / 1000, UTC).strftime("%Y-%m-%d")


class _Day(Table):
    class Meta:
        setting = "SPENDING_TABLE"
        table_name = ""

    # "bot", or "person:" and the Telegram id.
    account = UnicodeAttribute(hash_key=True)
    day = UnicodeAttribute(range_key=True)
    # The sum in nanodollars: settled bookings at their real cost, open ones at their estimate.
    nanodollars = NumberAttribute(default=0)
    messages = NumberAttribute(default=0)
    # The number of bookings: requests to models, failed ones included.
    requests = NumberAttribute(default=0)
    # Seconds since 1970, DynamoDB's TTL: the row may be deleted after that. Missing: the row stays.
    expires_at = NumberAttribute(null=True)


class BotDay(_Day):
    """Every worker adds to this row: so each change is one atomic update."""

    # Messages that ended without an answer.
    failures = NumberAttribute(default=0)
    # The names of bookings that are not settled: requests under way, or of a worker that died.
    open = UnicodeSetAttribute(null=True)


def count_failure(now_ms: int) -> None:
    BotDay(BOT, day_of(now_ms)).update(actions=[BotDay.failures.add(1)])


class PersonDay(_Day):
    """Read, changed here and written back, if nobody changed it meanwhile. A chat has one worker at a time."""

    revision = NumberAttribute(default=0)
    # Bookings that are not settled, by name: the estimate of each in nanodollars.
    open = JSONAttribute(default=dict)
    # Names the message that was counted last. The model may be asked for it several times.
    counted = UnicodeAttribute(null=True)
    # The minute since 1970 of the message that was counted last, and how many were counted in it.
    minute = NumberAttribute(default=0)
    minute_messages = NumberAttribute(default=0)
    # The limits that the person was told of: when each of them renews.
    told = JSONAttribute(default=dict)

    def reached(self, limits: Limits, message: str | None, now_ms: int) -> Limit | None:
        """The limit that forbids another booking. None: there is none."""
        if limits.person_day and self.nanodollars >= limits.person_day:
            return Limit.PERSON
        if message is None or message == self.counted:
            return None
        if limits.messages_per_day and self.messages >= limits.messages_per_day:
            return Limit.MESSAGES
        in_minute = self.minute_messages if self.minute == now_ms // MINUTE_MS else 0
        return Limit.MINUTE if limits.messages_per_minute and in_minute >= limits.messages_per_minute else None

    def book(self, name: str, estimate: int, message: str | None, now_ms: int) -> bool:
        """Adds the booking once. True if its message was counted with it."""
        if name in self.open:
            return False
        self.open = {**self.open, name: estimate}
        self.nanodollars += estimate
        self.requests += 1
        if message is None or message == self.counted:
            return False
        minute = now_ms // MINUTE_MS
        self.minute_messages = self.minute_messages + 1 if self.minute == minute else 1
        self.minute, self.counted = minute, message
        self.messages += 1
        return True

    def settle(self, name: str, cost: int) -> bool:
        """Puts the cost in the estimate's place. False if the booking was settled before."""
        if name not in self.open:
            return False
        still_open = dict(self.open)
        self.nanodollars += cost - still_open.pop(name)
        self.open = still_open
        return True

    def was_told(self, limit: Limit, now_ms: int) -> bool:
        return bool(self.told.get(limit, 0) == limit.renews_at(now_ms))
