"""A message that a person edits. Telegram also calls it an edit when a live location moves or a preview appears."""

from functions.webhook import messages, turn_actions
from functions.webhook.context import Method, context_of
from functions.webhook.update import Message
from troupe.conversations import turn_edits
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import DRAWING


def edit(message: Message) -> Method | None:
    """Answers new words of a message that waits, or of the newest one. Ignores an edit that changes no word."""
    if message.kind != "text" and not (message.text and (message.sound or _is_shown(message))):
        if message.text:
            turn_edits.reword(message.chat_id, message.message_id, message.text, message.update_id)
        return None
    # Words under a voice note correct what was heard in it.
    command = messages.command_in(message)
    turn = Turn.find(message.chat_id, message.message_id)
    if turn is None:
        # The message was a command, which was run. Only words are something new.
        return None if command else messages.receive(message)
    if turn.kind == DRAWING and message.update_id != turn.update_id:
        # The picture was asked for already. Telegram also calls it an edit when a link gets its preview.
        return None
    is_repeat = message.update_id in (turn.edited_by, turn.asked_by)
    if message.text in (turn.text, turn.edited_text) and not is_repeat:
        return None
    context = context_of(message)
    if command:
        method = messages.obey(context, message, command)
        turn_edits.note_edit(turn, message.text)
        return method
    return turn_actions.reword(context, turn, message.text)


def _is_shown(message: Message) -> bool:
    """A picture alone: an album is answered at its last part, which the caption need not be under."""
    return bool(message.picture) and not message.media_group_id
