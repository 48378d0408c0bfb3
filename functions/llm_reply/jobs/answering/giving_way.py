"""Newcomers give way when more messages come in than workers can answer at once.

Whether the workers are all busy is seen in a batch: while one is free, it takes a message as soon as that comes in. Only
when all are busy do messages gather, and the next free worker takes several.
"""

import random

from functions.llm_reply import settings
from functions.llm_reply.prompting.context import ChatSnapshot
from functions.llm_reply.queue_work.batch import PostponedError, Task
from troupe.clock import now_ms
from troupe.conversations.turn import DELIVERED, JOINED, RECEIVED
from troupe.observability import count

# Chats in a batch of at most ten.
CROWD = 6
# The longest time after which a postponed message is tried again. The time doubles from 2 s.
MAX_WAIT_S = 16
HOUR_MS = 3_600_000


def give_way(known: ChatSnapshot, task: Task) -> None:
    """Nothing is written, and no model is asked: a worker postpones ten messages in the time of a few reads.

    :raises PostponedError: a newcomer's message came in a crowd
    """
    turn = known.neighbours.turn
    if task.chats < CROWD or turn is None or turn.status != RECEIVED or not _is_newcomer(known):
        return
    count("NewcomersPostponed")
    raise PostponedError(min(2.0**task.receive_count, MAX_WAIT_S) * random.uniform(0.5, 1))  # noqa: S311 - jitter


def _is_newcomer(known: ChatSnapshot) -> bool:
    """True for a person who came less than NEWCOMER_HOURS ago, or whose last messages got no answer: a row can be made
    long before a flood, and a flood beyond the limits is not answered.
    """
    if settings.newcomer_hours == 0:
        return False
    has_come_lately = (known.user.registered_at or 0) > now_ms() - settings.newcomer_hours * HOUR_MS
    was_answered = any(turn.status in {DELIVERED, JOINED} for turn in known.neighbours.recent)
    return has_come_lately or not was_answered
