"""What each kind of update leads to, and the Bot API method (if any) that answers it at once.

A text message is stored and queued without a read. The reply function finds out which character it was written to.
"""

import re

from functions.webhook import turn_actions
from functions.webhook.callbacks import press
from functions.webhook.commands import COMMANDS
from functions.webhook.context import Method, UpdateContext, typing
from functions.webhook.update import ButtonPress, EditedMessage, Ignored, MembershipChange, Message, Update
from troupe import users
from troupe.clock import now_ms
from troupe.conversations import jobs, turn_edits
from troupe.conversations.turn import OPEN, RECEIVED, UNADDRESSED, Turn
from troupe.observability import count, describe
from troupe.pseudonym import pseudonym
from troupe.users import User

COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(@\w+)?(\s+(?P<argument>.*))?", re.DOTALL)


def route(update: Update) -> Method | None:
    match update:
        case Message():
            return _message(update)
        case EditedMessage(message):
            return turn_actions.edit(_context(message), message.text if message.kind == "text" else "")
        case ButtonPress():
            return press(_context(update, update.callback_id), update.data)
        case MembershipChange(person, blocked):
            (users.mark_blocked if blocked else users.mark_unblocked)(person.user_id)
        case Ignored():
            count("UpdatesIgnored")
    return None


def _context(update: Message | ButtonPress, callback_id: str = "") -> UpdateContext:
    person = update.person
    user = User.find(person.user_id) or users.register(person)
    return UpdateContext(
        update.update_id, person, update.chat_id, update.message_id, update.thread_id, user, callback_id
    )


def _message(message: Message) -> Method | None:
    command = COMMAND.fullmatch(message.text) if message.kind == "text" else None
    if message.kind == "text" and not command:
        return _store_and_queue(message)
    context = _context(message)
    if context.user.blocked_at:
        users.mark_unblocked(message.person.user_id)
    if not command:
        turn_edits.receive(_turn(message, UNADDRESSED))
        return context.say(context.texts.words_only)
    run = COMMANDS.get(command["name"].lower())
    if run is None:
        return context.say(context.texts.unknown_command)
    return run(context, message, (command["argument"] or "").strip())


def _store_and_queue(message: Message) -> Method | None:
    """Stores first: a redelivered update then repeats only the step that is missing."""
    turn = _turn(message, RECEIVED)
    stored = turn_edits.receive(turn)
    if stored is turn:
        count("TurnsReceived")
        describe(person=pseudonym(message.person.user_id))
    if stored.status not in OPEN:
        return None
    job = jobs.AnswerJob(
        person_id=message.person.user_id,
        chat_id=message.chat_id,
        message_id=message.message_id,
        person=message.person,
        correlation_id=str(message.update_id),
    )
    jobs.enqueue(job, f"answer:{message.update_id}")
    return typing(message.chat_id, message.thread_id)


def _turn(message: Message, status: str) -> Turn:
    return Turn(
        message.chat_id,
        message.message_id,
        person_id=message.person.user_id,
        update_id=message.update_id,
        thread_id=message.thread_id,
        language=message.person.language,
        kind=message.kind,
        text=message.text,
        status=status,
        sent_s=message.sent_s,
        received_at=now_ms(),
    )
