"""Handles each kind of update. Returns the Bot API method that answers it at once, if there is one."""
# ruff: noqa: PLC0415 - edits and buttons are loaded by the first of them: a cold start is most often for a message

from functions.webhook import messages
from functions.webhook.context import Method, NotAdmittedError, context_of
from functions.webhook.update import (
    ButtonPress,
    EditedMessage,
    GenerationStopped,
    Ignored,
    MembershipChange,
    Message,
    Update,
)
from troupe import users
from troupe.observability import count


def route(update: Update) -> Method | None:
    try:
        return _routed(update)
    except NotAdmittedError as refused:
        return refused.method


def _routed(update: Update) -> Method | None:
    match update:
        case Message():
            return messages.receive(update)
        case EditedMessage(message):
            from functions.webhook import edits

            return edits.edit(message)
        case ButtonPress():
            from functions.webhook.callbacks import is_about_own_data, press

            return press(context_of(update, about_own_data=is_about_own_data(update.data)), update.data)
        case GenerationStopped(chat_id, message_id):
            from troupe.conversations import turn_requests

            turn_requests.stop(chat_id, message_id)
        case MembershipChange(person, blocked):
            (users.mark_blocked if blocked else users.mark_unblocked)(person.user_id)
        case Ignored():
            count("UpdatesIgnored")
    return None
