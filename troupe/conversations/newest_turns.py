"""Finds the newest turn of a chat: the one that a button or a command is about."""

from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DELIVERED, DRAWING, FAILED, GIVEN_UP, HELD, OPEN, UNADDRESSED, WITHDRAWN

# Turns that are skipped in the search for the newest answer. If a picture did not come, the answer before it keeps its
# buttons.
_PASSED_OVER = Turn.status.is_in(UNADDRESSED, WITHDRAWN) | (
    (Turn.kind == DRAWING) & Turn.status.is_in(GIVEN_UP, FAILED, HELD)
)


def newest(chat_id: int, before: int) -> Turn | None:
    """The last turn before that message that a character answers or has answered; not one of an imported chat."""
    found = Turn.query(
        chat_id,
        Turn.message_id < before,
        filter_condition=~_PASSED_OVER,
        scan_index_forward=False,
        page_size=5,
        consistent_read=True,
    )
    turn = next(iter(found), None)
    return turn if turn and turn.message_id > 0 else None


def newest_at(chat_id: int, message_id: int) -> Turn | None:
    """The turn of that message, if a character answers it or has answered it, and has answered no later one."""
    turn = Turn.find(chat_id, message_id)
    if turn is None or turn.status in (UNADDRESSED, WITHDRAWN):
        return None
    # Turns of an earlier bot may have higher ids. They came in before. The conversation has not gone on with a turn
    # that a limit holds back.
    later = Turn.query(
        chat_id,
        Turn.message_id > message_id,
        filter_condition=~(_PASSED_OVER | (Turn.status == HELD)) & (Turn.received_at >= turn.received_at),
        page_size=5,
        consistent_read=True,
    )
    return None if next(iter(later), None) else turn


def last_held(chat_id: int, message_id: int) -> int:
    """The message id of the newest turn that was held back with this one: its answer takes in all of them.

    If an answer has taken them in already, that of the newest answered turn, at which there is nothing to try again.
    """
    turn = Turn.find(chat_id, message_id)
    if turn is None or turn.status != HELD or turn.kind == DRAWING:
        return message_id
    since = Turn.query(
        chat_id,
        Turn.message_id >= message_id,
        filter_condition=Turn.status.is_in(HELD, DELIVERED, *OPEN)
        & (Turn.conversation_id == turn.conversation_id)
        & (Turn.kind != DRAWING),
        scan_index_forward=False,
        page_size=5,
        consistent_read=True,
    )
    return next((int(found.message_id) for found in since), message_id)
