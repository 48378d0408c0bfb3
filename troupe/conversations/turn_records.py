"""Records what was sent or found out about a turn. None of these writes needs the lease."""

from typing import Any

from pynamodb.exceptions import UpdateError
from pynamodb.expressions.update import Action

from troupe.clock import now_ms
from troupe.conversations.turn import Turn, found_instead
from troupe.conversations.turn_states import DELIVERED, WITHDRAWN


def note_seen(turn: Turn, seen: str) -> None:
    """Stores the description of the pictures, once: a job that comes twice changes nothing."""
    try:
        turn.update(actions=[Turn.seen.set(seen)], condition=(Turn.status != WITHDRAWN) & Turn.seen.does_not_exist())
    except UpdateError as error:
        found_instead(error, turn)


def show_alternative(turn: Turn, answer: str, reply_ids: list[int]) -> None:
    """The person swiped to another answer: prompts contain that one from now on."""
    shown: list[Action] = [Turn.answer.set(answer), Turn.reply_ids.set(reply_ids), Turn.speech.remove()]
    try:
        turn.update(actions=shown, condition=Turn.status == DELIVERED)
    except UpdateError as error:
        found_instead(error, turn)


def record_speech(turn: Turn, speech: dict[str, Any]) -> bool:
    """The answer was said in a voice message. False if it is not the answer any more: it was taken back or replaced."""
    said: list[Action] = [Turn.speech.set(speech), Turn.spoken_at.set(now_ms())]
    try:
        turn.update(actions=said, condition=(Turn.status == DELIVERED) & (Turn.answer == turn.answer))
    except UpdateError as error:
        found_instead(error, turn)
        return False
    return True


def record_words(turn: Turn, written: list[int]) -> bool:
    """An answer that was said is there in writing, too. False as for `record_speech`.

    The voice message, which carries the buttons, stays the last one.
    """
    shown = [*written, *turn.reply_ids]
    try:
        turn.update(
            actions=[Turn.reply_ids.set(shown)], condition=(Turn.status == DELIVERED) & (Turn.answer == turn.answer)
        )
    except UpdateError as error:
        found_instead(error, turn)
        return False
    return True


def record_help(turn: Turn, level: int) -> None:
    """Help lines were sent. Recorded without the lease, so that no other worker sends them again."""
    turn.help_level, turn.help_sent_at = level, now_ms()
    _record_sent(turn, Turn.help_level.set(level), Turn.help_sent_at.set(turn.help_sent_at))


def record_reminder(turn: Turn) -> None:
    """The person was reminded that they talk with an AI. Recorded as `record_help`."""
    turn.reminder_sent_at = now_ms()
    _record_sent(turn, Turn.reminder_sent_at.set(turn.reminder_sent_at))


def _record_sent(turn: Turn, *sent: Action) -> None:
    # `update` reads the whole row back, and `turn` may know more than the row: a worker's claim is not stored at once.
    Turn(int(turn.chat_id), int(turn.message_id)).update(actions=[*sent], condition=Turn.chat_id.exists())
