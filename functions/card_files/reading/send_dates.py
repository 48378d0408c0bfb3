"""When a message of a SillyTavern chat was sent. Its versions, and other programs, spell that in many ways."""

import re
from datetime import UTC, datetime

from troupe.characters.leniency import number, seconds

MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# The program is of 2023; exports of others hold older chats. Below that it is a counter and no date.
MIN_MS = 946_684_800_000

# "2023-6-2 @21h 09m 51s 363ms", with and without the spaces and the milliseconds.
_WITH_UNITS = re.compile(r"(\d{4})-(\d\d?)-(\d\d?)\s*@?\s*(\d\d?)h\s*(\d\d?)m\s*(?:(\d\d?)s)?\s*(?:(\d{1,3})ms)?")
# "June 19, 2023 4:13pm", "May 23, 2026 3:10:05 PM".
_IN_WORDS = re.compile(
    r"([A-Za-z]{3})[a-z]*\.?\s+(\d\d?),?\s+(\d{4})[\s,]+(\d\d?):(\d\d)(?::(\d\d))?\s*([ap]m)?", re.IGNORECASE
)


def sent_ms(value: object) -> int | None:
    """Milliseconds since 1970; None if the text is no date. A date without a time zone counts as UTC."""
    found = _written(value.strip()) if isinstance(value, str) and number(value) is None else None
    at = found if found is not None else round(seconds(value) * 1000)
    return at if at >= MIN_MS else None


def _written(text: str) -> int | None:
    try:
        if units := _WITH_UNITS.fullmatch(text):
            year, month, day, hour, minute, second, thousandth = (int(each or 0) for each in units.groups())
            return _ms(datetime(year, month, day, hour, minute, second, thousandth * 1000, tzinfo=UTC))
        if words := _IN_WORDS.fullmatch(text):
            name, half = words[1], words[7]
            day, year, hour, minute, second = (int(each or 0) for each in words.groups()[1:6])
            month = MONTHS.index(name.lower()) + 1
            return _ms(datetime(year, month, day, _hour(hour, half), minute, second, tzinfo=UTC))
    except ValueError:
        return 0
    return None


def _hour(written: int, half: str | None) -> int:
    """Of a clock of twelve hours if `half` is am or pm."""
    return written if half is None else written % 12 + 12 * (half.lower() == "pm")


def _ms(at: datetime) -> int:
    return round(at.timestamp() * 1000)
