"""How long a person has been chatting without a break, and when to remind them that they talk with an AI.

Each turn carries the beginning of its session on, so that nothing else is read or written for it.
"""

from collections.abc import Iterable

from troupe.conversations.turn import Turn

# A longer pause between two messages ends a session.
MAX_GAP_MS = 30 * 60 * 1000
HOUR_MS = 3600 * 1000


def note_session(turn: Turn, recent: Iterable[Turn], reminder_hours: int) -> None:
    """Stored with the turn's next change.

    :param recent: the turns before it in the chat, newest first
    :param reminder_hours: 0 for no reminder
    """
    if turn.session_at:
        return
    received, before = int(turn.received_at), _same_session(turn, recent)
    started = int(before.session_at) if before else received
    reminded = int(before.reminded_at or 0) if before else 0
    is_due = reminder_hours and received - (reminded or started) >= reminder_hours * HOUR_MS
    turn.set_session(started, received if is_due else reminded)


def _same_session(turn: Turn, recent: Iterable[Turn]) -> Turn | None:
    """The last turn that knows its session, if no pause since then was too long."""
    next_at = int(turn.received_at)
    for before in recent:
        # An imported row may lack its time.
        if next_at - int(before.received_at or 0) > MAX_GAP_MS:
            return None
        if before.session_at:
            return before
        next_at = int(before.received_at)
    return None
