"""How long rows stay: RETENTION_DAYS after a turn was stored, and after a person was last there. 0 keeps them for ever.

DynamoDB deletes a row within two days of its `expires_at`, by itself and at no cost.
"""

import os
from functools import cache

from pynamodb.attributes import NumberAttribute
from pynamodb.expressions.update import Action

from troupe.settings import Environment

DAY_S = 24 * 3600
DEFAULT_DAYS = 365


def check(environment: Environment) -> None:
    """Reads the setting, for a function's settings: a wrong value is named with theirs."""
    environment.number("RETENTION_DAYS", default=DEFAULT_DAYS, least=0, most=36_500)


@cache
def days() -> int:
    return int(os.environ.get("RETENTION_DAYS") or DEFAULT_DAYS)


def expires_at(now_ms: int) -> int | None:
    """In seconds since 1970, as `expires_at` of the tables; None if rows stay."""
    return now_ms // 1000 + days() * DAY_S if days() else None


def lasting(attribute: NumberAttribute, now_ms: int) -> Action:
    """The update action by which a row stays for RETENTION_DAYS from now on.

    :param attribute: the table's `expires_at`
    """
    end = expires_at(now_ms)
    return attribute.set(end) if end else attribute.remove()


def is_behind(stored: float | None, now_ms: int) -> bool:
    """True if a row that is still used should get a later end. At most once a day, to save writes."""
    wanted = expires_at(now_ms)
    if wanted is None or stored is None:
        return wanted != stored
    return wanted - stored >= DAY_S
