"""New content for a turn that is stored already: the person edited the message, or it turned out to be a picture."""

from pynamodb.exceptions import PutError, UpdateError
from pynamodb.expressions.update import Action

from troupe.clock import now_ms
from troupe.conversations.turn import Turn, found_instead
from troupe.conversations.turn_states import (
    COMMAND,
    CONTINUE,
    OPEN,
    RECEIVED,
    UNADDRESSED,
)


def reword(chat_id: int, message_id: int, text: str, update_id: int) -> bool:
    """True if the turn still waits for its answer: the answer will be to the new words."""
    turn = Turn(chat_id, message_id)
    # Words written under a voice note are what was said in it.
    words: list[Action] = [Turn.text.set(text), Turn.edited_by.set(update_id), Turn.heard_at.set(now_ms())]
    try:
        turn.update(actions=words, condition=(Turn.status == RECEIVED) & (Turn.kind != CONTINUE))
    except UpdateError as error:
        current = found_instead(error, turn)
        return bool(current and current.edited_by == update_id)
    return True


def give_words(turn: Turn, text: str, update_id: int) -> bool:
    """True if the message was a command that the bot doesn't have: it is answered with its new words.

    True also for a repeat of the update: the process that handled it first may have died before it queued the job.
    """
    words: list[Action] = [
        Turn.status.set(RECEIVED), Turn.kind.set("text"), Turn.text.set(text), Turn.edited_by.set(update_id),
    ]  # fmt: skip
    try:
        turn.update(actions=words, condition=(Turn.status == UNADDRESSED) & (Turn.kind == COMMAND))
    except UpdateError as error:
        current = found_instead(error, turn)
        return bool(current and current.edited_by == update_id and current.status in OPEN)
    return True


def replace_command(turn: Turn) -> bool:
    """True if the message was a command that the bot doesn't have, and was edited into one that asks for a picture."""
    try:
        turn.save(condition=(Turn.status == UNADDRESSED) & (Turn.kind == COMMAND))
    except PutError as error:
        found_instead(error, turn)
        return False
    return True


def give_picture(chat_id: int, message_id: int) -> bool:
    """True if the message is an image file that holds no card: a character is shown it.

    True also for a repeat: the worker that did it first may have died before it queued the job.
    """
    turn = Turn(chat_id, message_id)
    try:
        turn.update(actions=[Turn.status.set(RECEIVED)], condition=(Turn.status == UNADDRESSED) & Turn.picture.exists())
    except UpdateError as error:
        current = found_instead(error, turn)
        return bool(current and current.status in OPEN)
    return True


def note_edit(turn: Turn, text: str) -> None:
    """Notes an edit that changed nothing, so that a repeat of it changes nothing either."""
    turn.update(actions=[Turn.edited_text.set(text)], condition=Turn.chat_id.exists())
