"""The ledger against the real table: sums that hold in whatever order workers reserve, settle, repeat and die."""

import itertools
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule, run_state_machine_as_test
from hypothesis.strategies import integers

from local.stack import Stack
from troupe import aws
from troupe.clock import ahead_by, now_ms
from troupe.spending import ledger, report
from troupe.spending.days import BOT, BotDay, PersonDay, account_of, day_of
from troupe.spending.ledger import Booking, Spender
from troupe.spending.limits import Limit, LimitReachedError, Limits
from troupe.spending.report import Spending

people = itertools.count(680_000_001)
ESTIMATE = 100
LIMITS = Limits(messages_per_day=5, person_day=700)


def until_noon() -> timedelta:
    return timedelta(hours=12, milliseconds=-(now_ms() % 86_400_000))


def bot_today() -> BotDay:
    return BotDay.find(BOT, day_of(now_ms())) or BotDay(BOT, day_of(now_ms()))


def reserved(spender: Spender) -> Booking | Limit:
    try:
        return ledger.reserve(spender, ESTIMATE)
    except LimitReachedError as error:
        return error.limit


@pytest.fixture
def each_write_twice(stack: Stack) -> Iterator[None]:
    """As if the answer to every request was lost the first time: the AWS client then sends it again."""
    del stack

    def repeat(attempts: int, **_: object) -> int | None:
        return 0 if attempts == 1 else None

    emitter = aws.client("dynamodb").meta.events
    emitter.register_first("needs-retry.dynamodb", repeat)
    yield
    emitter.unregister("needs-retry.dynamodb", repeat)


class OnePerson(RuleBasedStateMachine):
    """The model of the ledger is a list: what each booking costs by now."""

    def __init__(self) -> None:
        super().__init__()
        self.person = next(people)
        self.booked: dict[str, int] = {}
        self.under_way: list[Booking] = []
        self.settled: list[tuple[Booking, int]] = []
        self.messages: list[str] = []
        bot = bot_today()
        self.before = int(bot.nanodollars), int(bot.messages), len(bot.open or ())

    @rule(choice=integers(0, 9), cost=integers(0, 150))
    def happen(self, choice: int, cost: int) -> None:
        if choice < 4 or not (self.under_way or self.settled):
            self.reserve(f"message {len(self.messages) - (choice == 3)}")
        elif choice < 7 and self.under_way:
            booking = self.under_way.pop(choice % len(self.under_way))
            ledger.settle(booking, cost)
            self.booked[booking.name] = cost
            self.settled.append((booking, cost))
        elif choice < 9 and self.settled:
            # As a worker repeats it whose request got through and whose answer was lost; or a wrong one.
            booking, before = self.settled[cost % len(self.settled)]
            ledger.settle(booking, before if choice == 7 else cost)
        elif self.under_way:
            # Its worker dies.
            self.under_way.pop()

    def reserve(self, message: str) -> None:
        spent, is_new = sum(self.booked.values()), message not in self.messages[-1:]
        reached = None
        if spent >= LIMITS.person_day:
            reached = Limit.PERSON
        elif is_new and len(self.messages) >= LIMITS.messages_per_day:
            reached = Limit.MESSAGES
        booking = reserved(Spender(self.person, LIMITS, message))
        if reached or isinstance(booking, Limit):
            assert booking == reached
            return
        self.booked[booking.name] = ESTIMATE
        self.under_way.append(booking)
        if is_new:
            self.messages.append(message)

    @invariant()
    def every_booking_counts_once(self) -> None:
        row = PersonDay.find(account_of(self.person), day_of(now_ms())) or PersonDay()
        bot, (money, messages, still_open) = bot_today(), self.before
        unsettled = len(self.booked) - len(self.settled)
        assert row.nanodollars == sum(self.booked.values()) == bot.nanodollars - money
        assert row.messages == len(self.messages) == bot.messages - messages
        assert row.requests == len(self.booked)
        assert len(row.open) == unsettled == len(bot.open or ()) - still_open
        assert row.messages <= LIMITS.messages_per_day


@pytest.mark.usefixtures("each_write_twice")
def test_each_booking_counts_once_in_any_order_of_reserving_settling_dying_and_repeating() -> None:
    # Noon of a day on which nobody else spends: no limit renews meanwhile.
    with ahead_by(timedelta(days=400) + until_noon()):
        run_state_machine_as_test(
            OnePerson,
            settings=settings(
                max_examples=8, stateful_step_count=20, phases=[Phase.generate, Phase.shrink],
                suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
            ),
        )  # fmt: skip


def test_workers_side_by_side_exceed_a_limit_of_the_bot_by_no_more_than_is_under_way(stack: Stack) -> None:
    del stack
    spenders = [Spender(person, Limits(bot_day=1000)) for person in itertools.islice(people, 40)]
    with ahead_by(timedelta(days=500) + until_noon()), ThreadPoolExecutor(20) as workers:
        outcomes = list(workers.map(reserved, spenders))
        assert bot_today().nanodollars == 1000
    assert len([outcome for outcome in outcomes if isinstance(outcome, Booking)]) == 10
    assert outcomes.count(Limit.DAY) == 30


def test_workers_of_one_person_side_by_side_lose_no_booking(stack: Stack) -> None:
    del stack
    person = next(people)
    with ahead_by(timedelta(days=510) + until_noon()), ThreadPoolExecutor(5) as workers:
        bookings = [ledger.reserve(Spender(person, Limits()), ESTIMATE) for _ in range(5)]
        list(workers.map(lambda booking: ledger.settle(booking, 7), bookings))
        assert PersonDay.get(account_of(person), day_of(now_ms())).nanodollars == 35
        assert bot_today().nanodollars == 35


def test_a_limit_renews_with_its_minute_day_or_month(stack: Stack) -> None:
    del stack
    person, newcomer = next(people), next(people)
    # The last minute of a year, in which all windows end together.
    eve = datetime(2030, 12, 31, 23, 59, tzinfo=UTC) - datetime.fromtimestamp(now_ms() / 1000, UTC)
    limits = {
        Limit.MINUTE: Limits(messages_per_minute=1), Limit.MESSAGES: Limits(messages_per_day=1),
        Limit.PERSON: Limits(person_day=ESTIMATE), Limit.DAY: Limits(bot_day=ESTIMATE),
        Limit.MONTH: Limits(bot_month=ESTIMATE),
    }  # fmt: skip
    with ahead_by(eve - timedelta(days=30)):
        assert isinstance(reserved(Spender(person, limits[Limit.MONTH], "1")), Booking)
    with ahead_by(eve):
        assert reserved(Spender(person, limits[Limit.MONTH], "2")) == Limit.MONTH
        assert isinstance(reserved(Spender(person, Limits(), "3")), Booking)
        assert [reserved(Spender(person, only, "4")) for only in limits.values()] == list(limits)
        assert {limit.renews_at(now_ms()) for limit in limits} == {1924992000000}
    with ahead_by(eve + timedelta(minutes=1)):
        # For the two of the bot: they renew for everybody, and the first booking of the day uses them up.
        assert isinstance(reserved(Spender(newcomer, limits[Limit.MONTH], "5")), Booking)
        assert [reserved(Spender(newcomer, only, "6")) for only in limits.values()] == list(limits)
        assert [type(reserved(Spender(person, only, "7"))) for only in list(limits.values())[:1]] == [Booking]


def test_a_message_is_counted_once_however_often_the_model_is_asked_for_it(stack: Stack) -> None:
    del stack
    spender = Spender(next(people), Limits(messages_per_day=1), "7:0:0")
    with ahead_by(timedelta(days=520) + until_noon()):
        assert [type(reserved(spender)) for _ in range(3)] == [Booking] * 3
        assert reserved(replace(spender, message="7:123:0")) == Limit.MESSAGES


def test_the_report_tells_owners_what_was_spent_and_which_limits_are_reached(stack: Stack) -> None:
    del stack
    person = next(people)
    limits = Limits(messages_per_day=1, bot_day=30 * 10**9, bot_month=15 * 10**9)
    # The 15th of a month in which nobody else spends.
    with ahead_by(datetime(2031, 7, 14, 12, tzinfo=UTC) - datetime.fromtimestamp(now_ms() / 1000, UTC)):
        ledger.settle(ledger.reserve(Spender(person, limits, "1"), 0), 5 * 10**9)
    with ahead_by(datetime(2031, 7, 15, 12, tzinfo=UTC) - datetime.fromtimestamp(now_ms() / 1000, UTC)):
        ledger.settle(ledger.reserve(Spender(person, limits, "2"), 0), 10 * 10**9)
        assert report.of_bot(limits) == Spending(
            today=10, this_month=15, messages_today=1, messages_this_month=2, requests_today=1, reached=(Limit.MONTH,)
        )
        assert report.of_person(person, limits).reached == (Limit.MESSAGES,)
        assert report.of_person(next(people), limits) == Spending()


@pytest.mark.usefixtures("each_write_twice")
def test_bookings_of_many_people_at_once_count_once_each_on_the_row_of_the_bot() -> None:
    spenders = [Spender(person, Limits(bot_day=10**9), "1") for person in itertools.islice(people, 20)]
    with ahead_by(timedelta(days=530) + until_noon()), ThreadPoolExecutor(20) as workers:
        bookings = list(workers.map(lambda spender: ledger.reserve(spender, ESTIMATE), spenders))
        row = bot_today()
        assert (row.nanodollars, row.messages, row.requests, len(row.open)) == (20 * ESTIMATE, 20, 20, 20)
        list(workers.map(lambda booking: ledger.settle(booking, 7), bookings))
        row = bot_today()
        assert (row.nanodollars, row.messages, row.requests) == (20 * 7, 20, 20)
        assert not row.open


def test_a_row_that_was_read_before_another_booking_neither_loses_that_nor_passes_a_limit(stack: Stack) -> None:
    del stack
    person = next(people)
    limits = Limits(messages_per_day=2)
    with ahead_by(timedelta(days=540) + until_noon()):
        ledger.reserve(Spender(person, limits, "1"), ESTIMATE)
        read = [PersonDay.find(*ledger.key_today(person)) for _ in range(2)]
        ledger.reserve(Spender(person, limits, "2"), ESTIMATE)
        assert reserved(Spender(person, limits, "3", read[0])) == Limit.MESSAGES
        row = PersonDay.get(*ledger.key_today(person))
        assert (row.nanodollars, row.messages, bot_today().nanodollars) == (2 * ESTIMATE, 2, 2 * ESTIMATE)
        # As moderation does, which is booked for the same message.
        assert isinstance(reserved(Spender(person, limits, "2", read[1])), Booking)
        row, bot = PersonDay.get(*ledger.key_today(person)), bot_today()
        assert (row.nanodollars, row.messages, row.requests) == (3 * ESTIMATE, 2, 3)
        assert (bot.nanodollars, bot.messages, bot.requests, len(bot.open)) == (3 * ESTIMATE, 2, 3, 3)
