"""The end of a turn whose writer may not come in."""

from collections.abc import Iterable

from functions.llm_reply.messaging import notices
from functions.llm_reply.messaging.telling import told
from functions.llm_reply.queue_work.batch import Task
from functions.llm_reply.queue_work.storing import until_stored
from troupe.admission import Admission
from troupe.clock import now_ms
from troupe.conversations import turns
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import ANSWERED, RECEIVED

# An uninvited person who goes on writing is told so this often at most.
EVERY_MS = 3600 * 1000


async def turn_away(turn: Turn, admission: Admission, earlier: Iterable[Turn], task: Task) -> None:
    """A blocked person hears nothing.

    :param earlier: the turns of the chat before this one, newest first
    :raises PostponedError: Telegram could not take it, or the invocation is nearly over
    """
    if admission is Admission.UNINVITED and turn.status == RECEIVED and not _told_lately(earlier):
        await told(turn, task, notices.turn_away, admission)
    if turn.status == RECEIVED and turn.alternatives:
        await until_stored(turns.keep_shown, turn)
    elif turn.status == RECEIVED:
        await until_stored(turns.leave_unaddressed, turn, admission)
    else:
        if turn.status == ANSWERED:
            await until_stored(turns.give_up, turn, admission)
        await until_stored(turns.close, turn)


def _told_lately(earlier: Iterable[Turn]) -> bool:
    before = next(iter(earlier), None)
    return bool(before and before.failure == Admission.UNINVITED and now_ms() - before.received_at < EVERY_MS)
