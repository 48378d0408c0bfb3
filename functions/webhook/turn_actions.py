"""Another answer, going on, taking back, editing: what a person does to the newest turn of the chat."""

from functions.webhook.context import Method, UpdateContext
from troupe.conversations import jobs, turns
from troupe.conversations.conversation import conversation_id
from troupe.conversations.turns import Turn
from troupe.users import now_ms


def another(context: UpdateContext, message_id: int | None = None) -> Method:
    """:param message_id: the turn that the pressed button belongs to; a command means the newest"""
    turn = _newest(context, message_id)
    if turn is None:
        return _too_late(context)
    if turns.ask_again(turn, context.update_id):
        _queue(turn, context)
        return context.typing()
    return context.say(context.texts.still_answering if turn.status in turns.OPEN else context.texts.nothing_newer)


def go_on(context: UpdateContext, message_id: int | None = None) -> Method:
    """A turn of its own, without words: everything that keeps an answer safe keeps this one safe too."""
    turn = _newest(context, message_id)
    if turn is None or turn.status != turns.DELIVERED or not context.message_id:
        return _too_late(context)
    silent = Turn(
        context.chat_id,
        context.message_id,
        update_id=context.update_id,
        thread_id=context.thread_id,
        conversation_id=turn.conversation_id,
        character_id=turn.character_id,
        language=context.language_tag,
        kind="continue",
        sent_s=now_ms() // 1000,
        received_at=now_ms(),
    )
    stored = turns.receive(silent)
    if stored.status not in turns.OPEN:
        return _too_late(context)
    _queue(stored, context)
    return context.typing()


def take_back(context: UpdateContext, message_id: int | None = None) -> Method:
    """The exchange leaves the chat and the character's memory; it stays in the table."""
    turn = _newest(context, message_id)
    if turn is None or not turns.withdraw(turn):
        return _too_late(context)
    words = [int(turn.message_id)] if turn.kind == "text" else []
    command = [] if context.callback_id else [context.message_id]
    return {
        "method": "deleteMessages",
        "chat_id": context.chat_id,
        "message_ids": sorted({*words, *turn.reply_ids, *command}),
    }


def edit(context: UpdateContext, text: str) -> Method:
    """What waits for its answer is answered as it stands now. Editing the newest message asks again; an older one has
    been answered, and the talk has gone on from there.
    """
    if text and turns.reword(context.chat_id, context.message_id, text, context.update_id):
        return context.typing()
    turn = _newest(context, context.message_id)
    if turn is None or turn.kind != "text" or not text or not turns.ask_again(turn, context.update_id, text):
        return context.say(context.texts.edited)
    _queue(turn, context)
    return context.typing()


def current_conversation(context: UpdateContext) -> str | None:
    character_id = context.user.character_id
    if not character_id:
        return None
    return conversation_id(context.chat_id, context.thread_id, character_id, context.user.generation(character_id))


def _newest(context: UpdateContext, message_id: int | None) -> Turn | None:
    turn = turns.newest(context.chat_id)
    return turn if turn and message_id in (None, int(turn.message_id)) else None


def _too_late(context: UpdateContext) -> Method:
    return context.say(context.texts.old_button if context.callback_id else context.texts.nothing_newer)


def _queue(turn: Turn, context: UpdateContext) -> None:
    job = jobs.AnswerJob(int(turn.chat_id), int(turn.message_id), context.update_id)
    jobs.enqueue(job, f"answer:{context.update_id}")
