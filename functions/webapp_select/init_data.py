"""The person who opened the Mini App, as Telegram signed it (https://core.telegram.org/bots/webapps#validating-data)."""

from datetime import UTC, datetime, timedelta

from init_data_py import User as SignedUser
from init_data_py import validate_by_hash
from init_data_py.errors import InvalidInitDataError

from troupe.clock import now_ms
from troupe.unicode import is_blank, without_lone_surrogates
from troupe.users import Person

# Init data is made once, when the page opens, and a choice closes the page.
LIFETIME = timedelta(hours=1)
CLOCK_SKEW = timedelta(minutes=1)
MAX_LENGTH = 8192


class InitDataError(ValueError):
    """The init data is not signed with our bot's token, too old, dated in the future, or names no person."""


def verified_person(init_data: str, bot_token: str) -> tuple[Person, str]:
    """The person, and the signature, which is the same for all requests of one opening of the page.

    :raises InitDataError: the message says what is wrong and quotes nothing
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
        # The library accepts the signature in capitals too; Telegram writes small letters.
        raise InitDataError("signature spelt otherwise")
    user = data.user
    if user is None:
        raise InitDataError("names no person")
    return _person(user), data.hash


def _person(user: SignedUser) -> Person:
    names = (user.first_name, user.last_name, user.username, user.language_code)
    first, last, username, language = (without_lone_surrogates(name or "") for name in names)
    return Person(user.id, "" if is_blank(first) else first, last or None, username or None, language or None)
