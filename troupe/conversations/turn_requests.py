"""A person's requests about a turn, by a button or a command: stop, Retry, another answer."""

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from troupe.clock import now_ms
from troupe.conversations.turn import Turn, found_instead
from troupe.conversations.turn_states import ANSWERED, DELIVERED, FAILED, GIVEN_UP, HELD, OPEN, RECEIVED


def stop(chat_id: int, message_id: int) -> bool:
    """True if the answer is still being written: its worker sees the mark within a second."""
    turn = Turn(chat_id, message_id)
    try:
        turn.update(actions=[Turn.stopped_at.set(now_ms())], condition=Turn.status == RECEIVED)
    except UpdateError as error:
        found_instead(error, turn)
        return False
    return True


def reopen(chat_id: int, message_id: int) -> Turn | None:
    """Another try at a turn that failed or was held back, once each time. None if there is nothing to try.

    Also returns a turn that was reopened before and is still open: the process that reopened it may have died before
    it queued the job.
    """
    turn = Turn.find(chat_id, message_id)
    if turn and turn.status in (GIVEN_UP, FAILED, HELD):
        again = ANSWERED if turn.answer else RECEIVED
        actions: list[Action] = [
            Turn.status.set(again),
            Turn.leased_until.set(0),
            Turn.holder.remove(),
            Turn.attempts.set(0),
            Turn.crashes.set(0),
            Turn.failed_at.remove(),
            Turn.retries.add(1),
            Turn.retried_at.set(now_ms()),
            Turn.stopped_at.remove(),
        ]
        try:
            turn.update(actions=actions, condition=Turn.status.is_in(GIVEN_UP, FAILED, HELD))
        except UpdateError as error:
            turn = found_instead(error, turn)
    return turn if turn and turn.retries and turn.status in (RECEIVED, ANSWERED) else None


def ask_again(turn: Turn, update_id: int, text: str | None = None) -> bool:
    """Another answer to the same message, or to what it was edited into. The earlier ones are kept.

    True also for a repeat of the update: the process that handled it first may have died before it queued the job.
    """
    alternatives = [] if text is not None else (turn.alternatives or [turn.answer])
    actions: list[Action] = [
        Turn.status.set(RECEIVED),
        Turn.alternatives.set(alternatives),
        Turn.replaced_ids.set(list(turn.reply_ids)),
        Turn.reply_ids.set([]),
        Turn.asked_by.set(update_id),
        Turn.attempts.set(0),
        Turn.crashes.set(0),
        Turn.stopped_at.remove(),
        *([Turn.text.set(text), Turn.answer.remove()] if text is not None else []),
    ]
    try:
        turn.update(actions=actions, condition=Turn.status == DELIVERED)
    except UpdateError as error:
        current = found_instead(error, turn)
        return bool(current and current.asked_by == update_id and current.status in OPEN)
    return True
