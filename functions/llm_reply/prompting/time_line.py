"""A line about time: how long ago the person last wrote, and their date if they have said their time zone.

It stands right before the message: the prompt's beginning stays as it was.
"""

from functions.llm_reply.prompting import house
from troupe import time_zones
from troupe.clock import now_ms
from troupe.recall.elapsed import HOUR, elapsed
from troupe.users import User

# Pauses: a shorter one is not told; after one of the second length the person is asked for their time zone.
MIN_PAUSE, ASK_AFTER = HOUR, 20 * HOUR


def time_line(user: User, sent_ms: int, before_ms: int | None) -> str:
    """Empty if there is nothing to say.

    :param sent_ms: when the person wrote the message
    :param before_ms: when they last wrote in this conversation before
    """
    told = []
    local = time_zones.local_time(user.time_zone, sent_ms) if user.time_zone else None
    if local:
        told.append(house.LOCAL_TIME.format(day=f"{local:%A}, {local.day} {local:%B %Y}", time=f"{local:%H:%M}"))
    if before_ms and sent_ms - before_ms >= MIN_PAUSE:
        told.append(house.PAUSE.format(elapsed=elapsed(sent_ms - before_ms)))
    return " ".join(told)


def should_ask(user: User, before_ms: int | None) -> bool:
    """True once, when the person comes back on another day."""
    if user.time_zone or user.asked_time_zone_at or not before_ms:
        return False
    return now_ms() - before_ms >= ASK_AFTER
