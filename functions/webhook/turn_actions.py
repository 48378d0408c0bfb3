"""A person's actions on the newest turn of the chat: retry, stop, another answer, go on, take back, edit."""

from functions.webhook.context import Method, UpdateContext
from functions.webhook.drawing import draw_again, draw_scene
from functions.webhook.queueing import queue_answer, queue_job
from troupe.clock import now_ms
from troupe.conversations import newest_turns, turn_edits, turn_intake, turn_removal, turn_requests
from troupe.conversations.jobs.answering import AnswerJob, RemoveJob
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import CONTINUE, DELIVERED, DRAWING, OPEN, SOUNDS, WITHDRAWN
from troupe.retention import expires_at


def retry(context: UpdateContext, message_id: int) -> Method:
    message_id = newest_turns.last_held(context.chat_id, message_id)
    turn = turn_requests.reopen(context.chat_id, message_id)
    if turn is None:
        return context.say(context.texts.old_button)
    job = AnswerJob(
        person_id=context.person.user_id,
        chat_id=context.chat_id,
        message_id=message_id,
        correlation_id=str(turn.update_id),
    )
    enqueue(job, f"retry:{message_id}:{turn.retries}")
    return context.say(context.texts.retrying)


def stop(context: UpdateContext) -> Method | None:
    """Says nothing if there is an answer to stop: the part written so far is sent."""
    turn = _newest(context, None)
    if turn and turn_requests.stop(context.chat_id, int(turn.message_id)):
        return None
    return context.say(context.texts.nothing_to_stop)


def answer_again(context: UpdateContext, message_id: int | None = None) -> Method:
    """:param message_id: the turn that the pressed button belongs to; a command means the newest"""
    turn = _newest(context, message_id)
    if turn is None:
        return _too_late(context)
    if turn.kind == DRAWING:
        return draw_again(context, turn)
    if turn_requests.ask_again(turn, context.update_id):
        queue_answer(context, turn)
        return context.typing()
    return context.say(context.texts.still_answering if turn.status in OPEN else context.texts.nothing_newer)


def go_on(context: UpdateContext, message_id: int | None = None) -> Method:
    """Stores a turn without words, so that the answer to it is kept and retried like any other."""
    turn = _newest(context, message_id)
    if turn is None or turn.status != DELIVERED or not context.message_id:
        return _too_late(context)
    now = now_ms()
    silent = Turn(
        context.chat_id,
        context.message_id,
        person_id=context.person.user_id,
        update_id=context.update_id,
        thread_id=context.thread_id,
        conversation_id=turn.conversation_id,
        character_id=turn.character_id,
        language=context.language_tag,
        kind=CONTINUE,
        sent_s=now // 1000,
        received_at=now,
        expires_at=expires_at(now),
    )
    stored = turn_intake.receive(silent)
    if stored.status not in OPEN:
        return _too_late(context)
    queue_answer(context, stored)
    return context.typing()


def picture(context: UpdateContext, message_id: int) -> Method:
    """Asks for a picture of the scene at the end of the answer that carries the button."""
    turn = _newest(context, message_id)
    if turn is None or turn.status != DELIVERED or not context.message_id:
        return _too_late(context)
    return draw_scene(context, turn)


def take_back(context: UpdateContext, message_id: int | None = None) -> Method:
    """Removes the exchange from later prompts; the reply function removes it from the chat. The row stays."""
    turn = _newest(context, message_id) or _withdrawn(context, message_id)
    if turn is None or not turn_removal.withdraw(turn):
        return _too_late(context)
    command_id = 0 if context.callback_id else context.message_id
    queue_job(context, RemoveJob, turn_id=int(turn.message_id), command_id=command_id)
    return context.typing()


def reword(context: UpdateContext, turn: Turn, text: str) -> Method:
    """A turn that waits for its answer is answered with the new words, and the newest answered turn is asked again.

    An older turn stays as it is: the conversation has gone on from its answer.
    """
    if turn_edits.reword(context.chat_id, context.message_id, text, context.update_id):
        _queue_if_repeated(context, turn)
        return context.typing()
    if turn_edits.give_words(turn, text, context.update_id):
        queue_answer(context, turn)
        return context.typing()
    newest = _newest(context, context.message_id)
    if (
        newest
        and (newest.picture or newest.kind in ("text", *SOUNDS))
        and turn_requests.ask_again(newest, context.update_id, text)
    ):
        queue_answer(context, newest)
        return context.typing()
    turn_edits.note_edit(turn, text)
    return context.say(context.texts.edited)


def correct(context: UpdateContext, words: str) -> Method | None:
    """Shows the words of the last message, if that was a voice note."""
    turn = newest_turns.newest(context.chat_id, before=context.message_id)
    if turn is None or turn.kind not in SOUNDS or not words:
        return context.say(context.texts.nothing_heard)
    if turn_edits.reword(context.chat_id, int(turn.message_id), words, context.update_id):
        _queue_if_repeated(context, turn)
        return context.typing()
    if turn_requests.ask_again(turn, context.update_id, words):
        queue_answer(context, turn)
        return context.typing()
    return _too_late(context)


def _queue_if_repeated(context: UpdateContext, turn: Turn) -> None:
    """The process that had this update first may have died before it queued the job. A second job changes nothing."""
    if context.update_id in (turn.asked_by, turn.edited_by):
        queue_answer(context, turn)


def _newest(context: UpdateContext, message_id: int | None) -> Turn | None:
    """:param message_id: the turn that it must be, for a button or an edit; a command means the one before it"""
    if message_id is None:
        return newest_turns.newest(context.chat_id, before=context.message_id)
    return newest_turns.newest_at(context.chat_id, message_id)


def _withdrawn(context: UpdateContext, message_id: int | None) -> Turn | None:
    """The webhook may have died between withdrawing the turn and queueing the job."""
    turn = Turn.find(context.chat_id, message_id) if message_id else None
    return turn if turn and turn.status == WITHDRAWN else None


def _too_late(context: UpdateContext) -> Method:
    return context.say(context.texts.old_button if context.callback_id else context.texts.nothing_newer)
