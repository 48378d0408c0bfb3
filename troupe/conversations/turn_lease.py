"""Holds a turn for one worker at a time, and frees it for a later attempt."""

import os
from collections.abc import Sequence

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from troupe.clock import now_ms
from troupe.conversations.turn import Turn, found_instead
from troupe.conversations.turn_states import OPEN, RECEIVED, TurnBusyError, TurnLostError


def take_up(turn: Turn, until_ms: int) -> bool:
    """True if the turn can be worked until `until_ms` without a claim: nobody has held it since the webhook stored it.

    Only for the first delivery of its job: before a second one, the queue gives the job to no other worker.
    """
    if turn.status != RECEIVED or turn.holder:
        return False
    turn.unheld, turn.holder, turn.leased_until = True, os.urandom(8).hex(), until_ms
    turn.pending = (Turn.holder.set(turn.holder),)
    return True


def claim(chat_id: int, message_id: int, until_ms: int) -> Turn:
    """Holds the turn until `until_ms`, and reads it in the same request.

    :raises TurnBusyError: another worker holds it
    :raises TurnLostError: it is closed, or was never stored
    """
    turn, holder = Turn(chat_id, message_id), os.urandom(8).hex()
    actions: list[Action] = [
        Turn.leased_until.set(until_ms),
        Turn.holder.set(holder),
        Turn.crashes.add(1),
    ]
    try:
        turn.update(actions=actions, condition=Turn.status.is_in(*OPEN) & (Turn.leased_until < now_ms()))
    except UpdateError as error:
        current = found_instead(error, turn)
        if current is None or current.status not in OPEN:
            raise TurnLostError from error
        if current.holder != holder:
            raise TurnBusyError(max(0, int(current.leased_until) - now_ms()) + 1) from error
        return current
    return turn


def release(turn: Turn, failure: str | None = None) -> None:
    """Frees the turn for a later attempt; counts this one, with its reason, if it failed."""
    failed = [Turn.attempts.set(int(turn.attempts) + 1), Turn.failure.set(failure)] if failure else []
    if failed or not turn.unheld:
        _let_go(turn, [Turn.crashes.set(0), *failed])


def drop(turn: Turn) -> None:
    """Frees the turn after an unexpected error. If the turn was claimed, the claim counts as a crash."""
    if not turn.unheld:
        _let_go(turn, [])


def is_suspect(turn: Turn) -> bool:
    """True if a worker may have died over it."""
    return turn.status in OPEN and turn.crashes > 0


def _let_go(turn: Turn, actions: Sequence[Action]) -> None:
    """Changes nothing if another worker has taken the turn over."""
    try:
        turn.update(
            actions=[*turn.pending, *actions, Turn.leased_until.set(0)],
            condition=is_held(turn) & Turn.status.is_in(*OPEN),
        )
    except UpdateError as error:
        found_instead(error, turn)


def is_held(turn: Turn) -> Condition:
    """Held by this worker; or by nobody yet, if this worker took it up without a claim."""
    mine = Turn.holder == turn.holder
    return mine | Turn.holder.does_not_exist() if turn.unheld else mine
