"""A worker's lease on a turn: taken up or claimed, and released however the work ends."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

from functions.llm_reply.queue_work.batch import PostponedError, Task
from troupe import tables
from troupe.clock import now_ms
from troupe.conversations import turn_lease
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import TurnBusyError, TurnLostError
from troupe.observability import count


@asynccontextmanager
async def leased_turn(chat_id: int, message_id: int, task: Task, found: Turn | None = None) -> AsyncIterator[Turn]:
    """Holds the turn until the block ends or the task's deadline comes.

    :param found: the turn as it was just read; on a job's first delivery no other worker can have it
    :raises PostponedError: another worker holds it, or has taken it over meanwhile
    :raises TurnLostError: it is closed, or was never stored
    """
    until = now_ms() + round(task.left_s() * 1000)
    if found and task.receive_count == 1 and turn_lease.take_up(found, until):
        turn = found
    else:
        try:
            turn = await asyncio.to_thread(turn_lease.claim, chat_id, message_id, until)
        except TurnBusyError as busy:
            raise PostponedError(busy.wait_ms / 1000) from busy
    try:
        yield turn
    except TurnLostError as lost:
        count("TurnsTakenOver")
        raise PostponedError(1) from lost
    except PostponedError as postponed:
        await asyncio.to_thread(turn_lease.release, turn, postponed.failure)
        raise
    except tables.ERRORS:
        with suppress(*tables.ERRORS):
            await asyncio.to_thread(turn_lease.release, turn)
        raise
    except Exception:
        await asyncio.to_thread(turn_lease.drop, turn)
        raise
