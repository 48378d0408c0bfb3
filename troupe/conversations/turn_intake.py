"""Stores the turn of an update, once."""

from pynamodb.exceptions import PutError

from troupe.conversations.turn import Turn, found_instead
from troupe.conversations.turn_states import SILENT
from troupe.tables import condition_failed


def receive(turn: Turn) -> Turn:
    """Returns the stored row: `turn` itself, or, for a redelivered update, the existing row in its current state.

    A row of another message with the same id is of another bot, whose token was used before: it is replaced.
    """
    try:
        turn.save(condition=Turn.chat_id.does_not_exist())
    except PutError as error:
        if not condition_failed(error):
            raise
    else:
        return turn
    found = Turn.find(int(turn.chat_id), int(turn.message_id))
    if found is None or turn.kind in SILENT or turn.update_id == found.update_id or turn.sent_s == found.sent_s:
        return found or turn
    try:
        turn.save(condition=Turn.update_id == found.update_id)
    except PutError as error:
        return found_instead(error, turn) or turn
    return turn
