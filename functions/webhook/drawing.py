"""A picture that a person asks for, by a command or a button: a turn of its own, so that it is kept and retried."""

from functions.webhook.context import Method, UpdateContext
from functions.webhook.queueing import queue_answer
from troupe.clock import now_ms
from troupe.conversations import turn_edits, turn_intake, turn_requests
from troupe.conversations.conversation import conversation_id
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import COMMAND, DELIVERED, DRAWING, OPEN
from troupe.retention import expires_at

MAX_WORDS = 500


def draw(context: UpdateContext, what: str, words: str = "") -> Method:
    """Stores a turn for a picture by the current character, and queues it.

    :param what: scene, portrait, or words
    """
    character_id = context.user.character_id
    if not character_id or not context.message_id:
        return context.offer_picker(context.texts.choose_first)
    generation = context.user.generation(character_id)
    conversation = conversation_id(context.chat_id, context.thread_id, character_id, generation)
    return _store_and_queue(context, _wish(context, what, words[:MAX_WORDS], str(character_id), conversation))


def draw_scene(context: UpdateContext, turn: Turn) -> Method:
    """Draws the scene of the answer's own conversation: the person may have chosen another character since."""
    wish = _wish(context, "scene", "", str(turn.character_id), str(turn.conversation_id))
    return _store_and_queue(context, wish)


def draw_again(context: UpdateContext, turn: Turn) -> Method:
    """:param turn: the newest one, a picture"""
    if turn.status != DELIVERED or not context.message_id:
        return context.say(context.texts.still_answering)
    of, conversation = turn.drawing["of"], str(turn.conversation_id)
    return _store_and_queue(context, _wish(context, of, turn.text, str(turn.character_id), conversation))


def _wish(context: UpdateContext, what: str, words: str, character_id: str, conversation: str) -> Turn:
    now = now_ms()
    return Turn(
        context.chat_id,
        context.message_id,
        person_id=context.person.user_id,
        update_id=context.update_id,
        thread_id=context.thread_id,
        conversation_id=conversation,
        character_id=character_id,
        language=context.language_tag,
        kind=DRAWING,
        text=words,
        drawing={"of": what, "by": "button" if context.callback_id else "command"},
        sent_s=now // 1000,
        received_at=now,
        expires_at=expires_at(now),
    )


def _store_and_queue(context: UpdateContext, wish: Turn) -> Method:
    stored = turn_intake.receive(wish)
    if stored.kind == COMMAND and turn_edits.replace_command(wish):
        stored = wish
    is_repeat = stored is not wish and stored.update_id == wish.update_id
    if stored.kind == DRAWING and stored.status not in OPEN and not is_repeat:
        # The picture did not come, and the person presses the button again.
        stored = turn_requests.reopen(context.chat_id, context.message_id) or stored
    if stored.kind == DRAWING and stored.status in OPEN:
        queue_answer(context, stored)
        return context.say(context.texts.drawing) if context.callback_id else _drawing(context)
    if is_repeat:
        return context.typing()
    return context.say(context.texts.old_button if context.callback_id else context.texts.nothing_newer)


def _drawing(context: UpdateContext) -> Method:
    return context.send("sendChatAction", action="upload_photo")
