"""The messages that are answered as one: a message, and before it those that it was joined with or that were held."""

from functions.llm_reply.prompting.history import PAGE
from troupe.conversations import turn_reads
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import HELD, JOINED


def answered_with(turn: Turn) -> list[Turn]:
    """The oldest first, the turn itself at the end. Reads the table."""
    found = [turn]
    for earlier in turn_reads.newest_first(int(turn.chat_id), PAGE, before=int(turn.message_id)):
        if earlier.conversation_id != turn.conversation_id:
            continue
        if earlier.status not in {JOINED, HELD} or earlier.is_unchecked:
            break
        found.insert(0, earlier)
    return found
