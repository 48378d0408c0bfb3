"""A person's changes of a turn, as the webhook makes them: write, edit, stop, retry, ask again, take back."""

from pynamodb.exceptions import PutError, UpdateError
from pynamodb.expressions.update import Action

from troupe.clock import now_ms
from troupe.conversations.turn import (
    ANSWERED,
    COMMAND,
    CONTINUE,
    DELIVERED,
    DRAWING,
    FAILED,
    GIVEN_UP,
    HELD,
    OPEN,
    RECEIVED,
    SILENT,
    UNADDRESSED,
    WITHDRAWN,
    Turn,
    found_instead,
)  # fmt: skip
from troupe.tables import condition_failed

# Turns that are skipped in the search for the newest answer. If a picture did not come, the answer before it keeps its
# buttons.
_PASSED_OVER = Turn.status.is_in(UNADDRESSED, WITHDRAWN) | (
    (Turn.kind == DRAWING) & Turn.status.is_in(GIVEN_UP, FAILED, HELD)
)


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


def stop(chat_id: int, message_id: int) -> bool:
    """True if the answer is still being written: its worker sees the mark within a second."""
    turn = Turn(chat_id, message_id)
    try:
        turn.update(actions=[Turn.stopped_at.set(now_ms())], condition=Turn.status == RECEIVED)
    except UpdateError as error:
        found_instead(error, turn)
        return False
    return True


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


def withdraw(turn: Turn) -> bool:
    """Takes the exchange, or a message that a limit holds back, out of all later prompts. The row stays."""
    try:
        turn.update(actions=[Turn.status.set(WITHDRAWN)], condition=Turn.status.is_in(DELIVERED, HELD))
    except UpdateError as error:
        current = found_instead(error, turn)
        return bool(current and current.status == WITHDRAWN)
    return True


_CONTENT = (
    Turn.answer, Turn.quote, Turn.edited_text, Turn.recalled, Turn.speech, Turn.sound, Turn.picture, Turn.seen,
)  # fmt: skip


def erase(chat_id: int, message_id: int) -> None:
    """Forgets the words of a turn for good: the row stays, so that a redelivered update changes nothing."""
    turn = Turn(chat_id, message_id)
    nothing: list[Action] = [
        Turn.status.set(WITHDRAWN),
        Turn.text.set(""),
        Turn.alternatives.set([]),
        *(name.remove() for name in _CONTENT),
    ]
    try:
        turn.update(actions=nothing, condition=Turn.chat_id.exists())
    except UpdateError as error:
        found_instead(error, turn)
