"""What each kind of update leads to, and the Bot API method (if any) that answers it at once."""

from functions.webhook import edits, messages
from functions.webhook.callbacks import press
from functions.webhook.context import Method, context_of
from functions.webhook.update import ButtonPress, EditedMessage, Ignored, MembershipChange, Message, Update
from troupe import users
from troupe.observability import count


def route(update: Update) -> Method | None:
    match update:
        case Message():
            return messages.receive(update)
        case EditedMessage(message):
            return edits.edit(message)
        case ButtonPress():
            return press(context_of(update), update.data)
        case MembershipChange(person, blocked):
            (users.mark_blocked if blocked else users.mark_unblocked)(person.user_id)
        case Ignored():
            count("UpdatesIgnored")
    return None
