"""Newcomers give way when more messages come in than workers can answer at once."""

from functions.llm_reply import settings
from functions.llm_reply.prompting.context import ChatSnapshot
from functions.llm_reply.queue_work.batch import PostponedError, Task
from functions.llm_reply.queue_work.crowd import CROWD, wait_s
from troupe.clock import now_ms
from troupe.conversations.turn_states import DELIVERED, JOINED, RECEIVED
from troupe.observability import count

HOUR_MS = 3_600_000


def give_way(known: ChatSnapshot, task: Task) -> None:
    """Nothing is written, and no model is asked: a worker postpones ten messages in the time of a few reads.

    :raises PostponedError: a newcomer's message came in a crowd
    """
    turn = known.neighbours.turn
    if task.chats < CROWD or turn is None or turn.status != RECEIVED or not _is_newcomer(known):
        return
    count("NewcomersPostponed")
    raise PostponedError(wait_s(task.receive_count))


def _is_newcomer(known: ChatSnapshot) -> bool:
    """True for a person who came less than NEWCOMER_HOURS ago, or whose last messages got no answer: a row can be made
    long before a flood, and a flood beyond the limits is not answered.
    """
    if settings.newcomer_hours == 0:
        return False
    has_come_lately = (known.user.registered_at or 0) > now_ms() - settings.newcomer_hours * HOUR_MS
    was_answered = any(turn.status in {DELIVERED, JOINED} for turn in known.neighbours.recent)
    return has_come_lately or not was_answered
