"""The character's knowledge of time: never more than the person has said."""

from datetime import UTC, datetime

import pytest

from functions.llm_reply.prompting.time_line import time_line
from troupe.recall.elapsed import DAY, HOUR
from troupe.time_zones import local_time, offset, parse
from troupe.users import User

NOW = int(datetime(2026, 11, 25, 22, 30, tzinfo=UTC).timestamp() * 1000)


def test_without_a_time_zone_only_the_time_that_has_passed_is_told() -> None:
    assert time_line(User(1), NOW, NOW - 3 * DAY) == "3 days have passed since they last wrote."
    assert time_line(User(1), NOW, NOW - HOUR // 2) == ""
    assert time_line(User(1), NOW, None) == ""


def test_with_a_time_zone_the_day_is_the_persons_own() -> None:
    told = time_line(User(1, time_zone="+09:00"), NOW, NOW - 5 * HOUR)
    assert told == "For the person it is Thursday, 26 November 2026, 07:30. 5 hours have passed since they last wrote."


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("+3", "+03:00"), ("3", "+03:00"), ("UTC-5:30", "-05:30"), ("+0545", "+05:45"), ("−8", "-08:00"),
        ("Europe/Berlin", "Europe/Berlin"), ("+15", None), ("Mordor/Barad", None), ("noon", None), ("", None),
        ("../etc/passwd", None),
    ],
)  # fmt: skip
def test_a_time_zone_is_read_as_people_write_it(written: str, stored: str | None) -> None:
    assert parse(written) == stored


def test_every_button_has_a_zone() -> None:
    assert all(local_time(str(offset(60 * hours)), NOW) for hours in range(-10, 14))
