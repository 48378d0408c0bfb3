"""The age that people state before their first chat, if the operator asks for one."""

from enum import Enum

from troupe.clock import now_ms
from troupe.users import User

# A person who has said no may have pressed the wrong button: the question may come again after a day.
NO_HOLDS_MS = 24 * 3600 * 1000


class Standing(Enum):
    FINE = "fine"
    UNASKED = "unasked"
    TOO_YOUNG = "too young"


def standing(least_age: int, user: User | None) -> Standing:
    """:param least_age: the setting AGE_STATEMENT, 0 for no statement
    :param user: None for a person without a row
    """
    stated = user.stated_age if user else None
    if not least_age or (stated and stated >= least_age):
        return Standing.FINE
    if user and stated == 0 and now_ms() - int(user.stated_age_at or 0) < NO_HOLDS_MS:
        return Standing.TOO_YOUNG
    return Standing.UNASKED
