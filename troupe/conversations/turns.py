"""The workers' changes of a turn, as the reply function makes them: take up, answer, deliver, give up."""

import json
from collections.abc import Sequence
from typing import Any

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action

from troupe.clock import now_ms
from troupe.conversations.turn import Turn, found_instead
from troupe.conversations.turn_lease import is_held
from troupe.conversations.turn_states import (
    ANSWERED,
    DELIVERED,
    FAILED,
    GIVEN_UP,
    HELD,
    JOINED,
    OPEN,
    RECEIVED,
    UNADDRESSED,
    TurnLostError,
    TurnRewordedError,
)

# An item holds 400 kB: the alternatives share it with the message, the answer and the ids. Stored as JSON, a Cyrillic
# letter takes 6 bytes.
MAX_ALTERNATIVES = 50


MAX_ALTERNATIVES_BYTES = 200_000


def save_answer(
    turn: Turn, answer: str, usage: dict[str, str | int | None], recalled: dict[str, list[Any]] | None = None
) -> None:
    """Stores the answer: it is paid for, so from here on workers send it and never ask the model again.

    :param recalled: the ids of the turns and facts that the prompt repeated for it

    :raises TurnLostError: another worker has taken the turn over
    :raises TurnRewordedError: the person edited the message while the model answered
    """
    said = [Turn.answer.set(answer), Turn.answered_at.set(now_ms()), Turn.usage.set(usage)]
    if recalled or turn.recalled:
        said.append(Turn.recalled.set(recalled))
    if turn.alternatives:
        said.append(Turn.alternatives.set(_newest([*turn.alternatives, answer])))
    _move_as_read(turn, [*said, Turn.attempts.set(0), Turn.crashes.set(1)], to=ANSWERED)


def note_heard(turn: Turn, words: str) -> None:
    """Stores the words of a sound: no worker has it transcribed again.

    :raises TurnLostError: another worker has taken the turn over
    :raises TurnRewordedError: the person wrote meanwhile what they had said
    """
    _move_as_read(turn, [Turn.text.set(words), Turn.heard_at.set(now_ms())], to=RECEIVED)


def _newest(alternatives: Sequence[str]) -> list[str]:
    """The newest alternatives, as many as an item has room for."""
    kept: list[str] = []
    left = MAX_ALTERNATIVES_BYTES
    for answer in reversed(alternatives[-MAX_ALTERNATIVES:]):
        left -= len(json.dumps(answer))
        if left < 0 and kept:
            break
        kept.append(answer)
    return kept[::-1]


def record_parts(turn: Turn, reply_ids: list[int]) -> None:
    """A long answer is sent in parts: the parts that were sent are not sent again.

    :raises TurnLostError: another worker has taken the turn over
    """
    _move(turn, [Turn.reply_ids.set(reply_ids)], come_from=(ANSWERED,), to=ANSWERED)


def leave_unaddressed(turn: Turn, why: str | None = None) -> None:
    """No character answers: none was chosen, or the person may not come in. The person was told so, or can't be.

    :raises TurnLostError: another worker has taken the turn over
    """
    _move(turn, [Turn.failure.set(why)] if why else [], come_from=(RECEIVED,), to=UNADDRESSED)


def mark_delivered(turn: Turn, reply_ids: list[int], speech: dict[str, Any] | None = None) -> None:
    """Every part was sent. A worker whose lease has run out by now may record that too.

    :param speech: the voice message, if the answer was sent as one; that of an earlier answer is forgotten
    :raises TurnLostError: another worker has closed the turn otherwise
    """
    told: list[Action] = [Turn.delivered_at.set(now_ms()), Turn.reply_ids.set(reply_ids), Turn.leased_until.set(0)]
    if turn.replaced_ids:
        told.append(Turn.replaced_ids.set([]))
    if speech:
        told += [Turn.speech.set(speech), Turn.spoken_at.set(now_ms())]
    elif turn.speech:
        told.append(Turn.speech.remove())
    try:
        turn.update(actions=[Turn.status.set(DELIVERED), *told], condition=Turn.status == ANSWERED)
    except UpdateError as error:
        current = found_instead(error, turn)
        if current is None or current.status != DELIVERED:
            raise TurnLostError from error


def mark_drawn(turn: Turn, message_id: int, what: str, usage: dict[str, str | int | None]) -> None:
    """The picture was sent. It is stored nowhere: until this write, a worker that comes after a death draws it again.

    :param what: the picture, in a few words, for later prompts

    :raises TurnLostError: another worker has taken the turn over
    """
    now = now_ms()
    told: list[Action] = [
        Turn.answer.set(what), Turn.usage.set(usage), Turn.reply_ids.set([message_id]), Turn.delivered_at.set(now)
    ]  # fmt: skip
    _move(turn, told, come_from=(RECEIVED,), to=DELIVERED)


def give_up(turn: Turn, failure: str) -> None:
    """No answer will come, unless the person presses Retry. An apology is still to be sent.

    :raises TurnLostError: another worker has taken the turn over
    """
    why = [Turn.failure.set(failure), Turn.failed_at.set(now_ms()), Turn.attempts.set(0), Turn.crashes.set(1)]
    _move(turn, why, come_from=(RECEIVED, ANSWERED), to=GIVEN_UP)


def close(turn: Turn) -> None:
    """The apology was sent, or can't be.

    :raises TurnLostError: another worker has taken the turn over, or the person has pressed Retry already
    """
    _move(turn, [], come_from=(GIVEN_UP,), to=FAILED)


def join(turn: Turn) -> None:
    """The person has written more: the later turn is answered with this one's words in its prompt.

    :raises TurnLostError: another worker has taken the turn over
    """
    _move(turn, [], come_from=(RECEIVED,), to=JOINED)


def hold(turn: Turn, limit: str, is_checked: bool) -> None:
    """A limit is reached: the next answer in this conversation takes the message in, unless Retry comes before.

    :param is_checked: False keeps it out of prompts until Retry
    :raises TurnLostError: another worker has taken the turn over
    """
    checked = Turn.is_unchecked.remove() if is_checked else Turn.is_unchecked.set(True)
    _move(turn, [Turn.failure.set(limit), Turn.held_at.set(now_ms()), checked], come_from=(RECEIVED,), to=HELD)


def keep_shown(turn: Turn) -> None:
    """The model gave no other answer: the one before it stays.

    :raises TurnLostError: another worker has taken the turn over
    """
    back: list[Action] = [Turn.reply_ids.set(list(turn.replaced_ids)), Turn.replaced_ids.set([])]
    _move(turn, back, come_from=(RECEIVED,), to=DELIVERED)


def _move(
    turn: Turn, actions: Sequence[Action], *, come_from: tuple[str, ...], to: str, if_: Condition | None = None
) -> None:
    holder = turn.holder
    held = is_held(turn) & Turn.status.is_in(*come_from)
    lease = Turn.leased_until.set(turn.leased_until if to in OPEN else 0)
    try:
        turn.update(
            actions=[Turn.status.set(to), lease, *turn.pending, *actions],
            condition=held if if_ is None else held & if_,
        )
    except UpdateError as error:
        current = found_instead(error, turn)
        # If the response to a write is lost, botocore repeats the write, and the repeat meets the first one's effect.
        if current is None or (current.holder, current.status) != (holder, to):
            raise TurnLostError from error
        turn.refresh(consistent_read=True)
    turn.unheld, turn.pending = False, ()


def _move_as_read(turn: Turn, actions: Sequence[Action], *, to: str) -> None:
    """:raises TurnRewordedError: the person has edited the message since the worker read it"""
    as_read = Turn.edited_by == turn.edited_by if turn.edited_by else Turn.edited_by.does_not_exist()
    try:
        _move(turn, actions, come_from=(RECEIVED,), to=to, if_=as_read)
    except TurnLostError as lost:
        current = Turn.find(int(turn.chat_id), int(turn.message_id))
        mine = current and current.status == RECEIVED and current.holder == (None if turn.unheld else turn.holder)
        if current and mine and current.edited_by != turn.edited_by:
            raise TurnRewordedError from lost
        raise
