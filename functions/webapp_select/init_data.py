"""Who opened the Mini App, as Telegram signed it (https://core.telegram.org/bots/webapps#validating-data)."""

from datetime import UTC, datetime, timedelta

from init_data_py import validate_by_hash
from init_data_py.errors import InvalidInitDataError

from troupe.clock import now_ms
from troupe.users import Person

# Init data stays the same while the page is open, and the page closes with the choice.
LIFETIME = timedelta(hours=1)
CLOCK_SKEW = timedelta(minutes=1)
MAX_LENGTH = 8192


class InitDataError(ValueError):
    """Init data that proves nothing: not signed by our bot's token, too old, from the future, or about nobody."""


def verified_person(init_data: str, bot_token: str) -> tuple[Person, str]:
    """The person, and the signature: one and the same for each opening of the page.

    :raises InitDataError: the message says what is wrong with it and repeats none of it
    """
    if len(init_data) > MAX_LENGTH:
        raise InitDataError("too long")
    now = datetime.fromtimestamp(now_ms() / 1000, UTC)
    try:
        data = validate_by_hash(init_data, bot_token, expires_in=LIFETIME, now=now)
    except (InvalidInitDataError, UnicodeError, OverflowError) as error:
        raise InitDataError(type(error).__name__) from error
    if data.issued_at > now + CLOCK_SKEW:
        raise InitDataError("dated in the future")
    if f"hash={data.hash}" not in init_data:
        # The library takes the signature in any spelling; Telegram writes it in one.
        raise InitDataError("signature spelt otherwise")
    user = data.user
    if user is None:
        raise InitDataError("names no person")
    person = Person(user.id, user.first_name, user.last_name, user.username, user.language_code)
    return person, data.hash
