"""When something was said, as terms of the index: a line said on 14 July 2026 stands under its day and its months.

A question may ask for a time: "in May", "last summer", "вчера", "3 July 2026".
"""

import re
from collections.abc import Iterator
from datetime import date, timedelta

MONTHS = {
    prefix: number
    for number, prefixes in enumerate(
        (
            "january jan январ", "february feb феврал", "march март", "april apr апрел", "may мая мае май",
            "june июн", "july июл", "august aug август", "september sept sep сентябр", "october oct октябр",
            "november nov ноябр", "december dec декабр",
        ),
        start=1,
    )
    for prefix in prefixes.split()
}  # fmt: skip
SEASONS = {
    "winter": (12, 1, 2), "spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11), "fall": (9, 10, 11),
    "зим": (12, 1, 2), "весн": (3, 4, 5), "лет": (6, 7, 8), "осен": (9, 10, 11),
}  # fmt: skip
_MONTH = re.compile(
    r"\b(?:(\d{1,2})\s+)?(" + "|".join(MONTHS) + r")[а-я]{0,3}\b(?:\s+(\d{1,2})(?!\d))?(?:,?\s+(\d{4}))?"
)
# "В этом году, летом": but "лет" alone counts years.
_SEASON = re.compile(
    r"\b(last|this|прошл\w+|эт\w+)?\s*(winter|spring|summer|autumn|зим\w+|весн\w+|летом|лета|лето|осен\w+)\b"
)
_DAYS_AGO = {"yesterday": 1, "вчера": 1, "позавчера": 2, "today": 0, "сегодня": 0}
_RECENT = re.compile(r"\b(last|прошл\w+)\s+(week|month|year|недел\w+|месяц\w*|год\w*)\b")
_YEAR = re.compile(r"\b(20\d\d)\b")


def terms_of_day(day: date) -> tuple[str, ...]:
    return (f"~{day:%Y-%m-%d}", f"~{day:%Y-%m}", f"~{day:%m}")


def terms_asked_for(text: str, today: date) -> set[str]:
    """The terms of all times that the words name; none if they name no time."""
    words = text.lower().replace("ё", "е")
    return {*_months(words), *_seasons(words, today), *_days(words, today), *_recent(words, today)}


def _months(words: str) -> Iterator[str]:
    years = _YEAR.findall(words)
    for before, name, after, written in _MONTH.findall(words):
        is_verb = name == "may" and not (before or after or written)
        if is_verb and not re.search(r"\b(?:in|last|since|of|until|this) may\b", words):
            continue
        month, day = MONTHS[name], int(before or after or 0)
        year = written or (years[0] if len(years) == 1 else "")
        yield f"~{year}-{month:02}" if year else f"~{month:02}"
        if year and 1 <= day <= 31:  # noqa: PLR2004 - days of a month
            yield f"~{year}-{month:02}-{day:02}"


def _seasons(words: str, today: date) -> Iterator[str]:
    for which, name in _SEASON.findall(words):
        months = next(months for prefix, months in SEASONS.items() if name.startswith(prefix))
        if not which:
            yield from (f"~{month:02}" for month in months)
            continue
        yield from _newest_months(months, today, this=not which.startswith(("last", "прошл")))


def _newest_months(months: tuple[int, ...], today: date, *, this: bool) -> Iterator[str]:
    """The newest season that is over; for "this", the one that goes on or was the newest."""
    year = today.year if (months[-1] < today.month or (this and today.month in months)) else today.year - 1
    yield from (f"~{year - (month == 12 and months[-1] == 2)}-{month:02}" for month in months)  # noqa: PLR2004 - winter


def _days(words: str, today: date) -> Iterator[str]:
    for name, ago in _DAYS_AGO.items():
        if re.search(rf"\b{name}\b", words):
            yield f"~{today - timedelta(days=ago)}"


def _recent(words: str, today: date) -> Iterator[str]:
    for _, unit in _RECENT.findall(words):
        if unit.startswith(("week", "недел")):
            monday = today - timedelta(days=today.weekday() + 7)
            yield from (f"~{monday + timedelta(days=day)}" for day in range(7))
        elif unit.startswith(("month", "месяц")):
            yield f"~{today.replace(day=1) - timedelta(days=1):%Y-%m}"
        else:
            yield from (f"~{today.year - 1}-{month:02}" for month in range(1, 13))
