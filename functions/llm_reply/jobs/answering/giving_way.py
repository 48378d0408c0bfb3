"""Newcomers give way when more messages come in than workers can answer at once."""

import asyncio

from functions.llm_reply import settings
from functions.llm_reply.prompting.context import ChatSnapshot
from functions.llm_reply.queue_work.batch import PostponedError, Task
from functions.llm_reply.queue_work.crowd import CROWD, wait_s
from troupe.clock import now_ms
from troupe.conversations.turn_states import DELIVERED, JOINED, RECEIVED
from troupe.observability import count
from troupe.users import User

HOUR_MS = 3_600_000
MAX_REMEMBERED = 10_000
# When newcomers came who gave way to others, in ms since 1970: a flood's messages come back many times.
_came_at: dict[int, int] = {}


async def give_way_as_newcomer(person_id: int, task: Task) -> None:
    """:raises PostponedError: in a crowd, for a person who came less than NEWCOMER_HOURS ago"""
    if not _is_crowd(task):
        return
    came_at = _came_at.get(person_id, 0) or await asyncio.to_thread(_read_came_at, person_id)
    if came_at > now_ms() - settings.newcomer_hours * HOUR_MS:
        if len(_came_at) >= MAX_REMEMBERED:
            _came_at.clear()
        _came_at[person_id] = came_at
        _give_way(task)


def give_way_as_unanswered(known: ChatSnapshot, task: Task) -> None:
    """A row can be made long before a flood, and messages over the limits are held without an answer.

    :raises PostponedError: in a crowd, for a person none of whose last messages was answered
    """
    turn = known.neighbours.turn
    if not _is_crowd(task) or turn is None or turn.status != RECEIVED:
        return
    if not any(earlier.status in {DELIVERED, JOINED} for earlier in known.neighbours.recent):
        _give_way(task)


def _is_crowd(task: Task) -> bool:
    return task.chats >= CROWD and settings.newcomer_hours > 0


def _read_came_at(person_id: int) -> int:
    """Returns the present time for a person without a row."""
    user = User.find(person_id)
    return int((user and user.registered_at) or now_ms())


def _give_way(task: Task) -> None:
    count("NewcomersPostponed")
    raise PostponedError(wait_s(task.receive_count))
