"""The sign that more messages come in than workers can answer at once.

While a worker is free, it takes each message as soon as that comes in. Only when all are busy do messages gather, and
the next free worker takes several: up to ten.
"""

import random

# The chats of such a batch, at least.
CROWD = 8
# The longest time after which a message that gave way is tried again. The time doubles from 2 s.
MAX_WAIT_S = 16


def wait_s(receive_count: int, dice: random.Random | None = None) -> float:
    """At random, so that messages that gave way together don't come back together."""
    return min(2.0 ** min(receive_count, 10), MAX_WAIT_S) * (dice or random).uniform(0.5, 1)
