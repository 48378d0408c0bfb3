"""The person stops an answer that is being written: by Telegram's button, by /stop, or by writing on."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress

from functions.llm_reply.llm.interruption import Interruption
from functions.llm_reply.prompting.addressee import in_conversation
from troupe import tables
from troupe.conversations import turn_reads
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import RECEIVED, SILENT
from troupe.users import User

# Another process notes the wish on the turn's row. An answer has to end within a second of it, and no sooner: a look
# costs half a read unit and 1.4 ms of CPU, 10 ms at the worker's share of a processor. A picture takes a minute.
LOOK_S, PICTURE_LOOK_S = 0.85, 3


@asynccontextmanager
async def stoppable(
    turn: Turn, user: User, has_words: Callable[[], bool], every_s: float = LOOK_S
) -> AsyncIterator[Interruption]:
    """Looks at the turn and the later ones until the block ends.

    :param has_words: of an answer that was asked for by a button, at least a word is kept
    """
    interruption = Interruption()
    looking = asyncio.create_task(_look(turn, user, interruption, has_words, every_s))
    try:
        yield interruption
    finally:
        looking.cancel()


async def _look(
    turn: Turn, user: User, interruption: Interruption, has_words: Callable[[], bool], every_s: float
) -> None:
    may_join = not (turn.kind in SILENT or turn.asked_by or turn.retries)
    while not interruption.why:
        await asyncio.sleep(every_s)
        with suppress(*tables.ERRORS):
            this, *later = await asyncio.to_thread(turn_reads.with_later, int(turn.chat_id), int(turn.message_id))
            if this.stopped_at:
                interruption.ask("asked")
            elif (may_join or has_words()) and any(_goes_on(other, turn, user) for other in later):
                interruption.ask("written_on")


def _goes_on(later: Turn, turn: Turn, user: User) -> bool:
    waits = later.status == RECEIVED and later.kind not in SILENT
    return waits and in_conversation(later, user, str(turn.conversation_id))
