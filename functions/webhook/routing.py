"""What each kind of update sets in motion, and the Bot API method (if any) that answers it at once.

A person's words are stored and queued as they came, and nothing is read for it: to whom they were said, and whether
there is anybody yet, the reply function finds out.
"""

import re

from functions.webhook import turn_actions
from functions.webhook.callbacks import press
from functions.webhook.commands import obey
from functions.webhook.context import Method, UpdateContext, typing
from functions.webhook.update import ButtonPress, EditedMessage, Ignored, MembershipChange, Message, Update
from troupe import users
from troupe.conversations import jobs, turns
from troupe.observability import count, describe
from troupe.pseudonym import pseudonym
from troupe.users import User

COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(@\w+)?(\s+(?P<argument>.*))?", re.DOTALL)


def answer(update: Update) -> Method | None:
    match update:
        case Message():
            return _answer_message(update)
        case EditedMessage(message):
            return turn_actions.edit(_context(message), message.text if message.kind == "text" else "")
        case ButtonPress():
            return press(_context(update), update.data)
        case MembershipChange(person, blocked):
            (users.mark_blocked if blocked else users.mark_unblocked)(person.user_id)
        case Ignored():
            count("UpdatesIgnored")
    return None


def _context(update: Message | ButtonPress) -> UpdateContext:
    person = update.person
    user = User.find(person.user_id) or users.register(person)
    callback_id = update.callback_id if isinstance(update, ButtonPress) else ""
    return UpdateContext(update.update_id, person, update.message_id, update.thread_id, user, callback_id)


def _answer_message(message: Message) -> Method | None:
    command = COMMAND.fullmatch(message.text) if message.kind == "text" else None
    if message.kind == "text" and not command:
        return _store_and_queue(message)
    context = _context(message)
    if context.user.blocked_at:
        users.mark_unblocked(context.chat_id)
    if command:
        return obey(context, message, command["name"].lower(), (command["argument"] or "").strip())
    turns.receive(_turn(message, turns.UNADDRESSED))
    return context.say(context.texts.words_only)


def _store_and_queue(message: Message) -> Method | None:
    """The put comes first: a redelivery then repeats only what is still missing."""
    turn = _turn(message, turns.RECEIVED)
    stored = turns.receive(turn)
    if stored is turn:
        count("TurnsReceived")
        describe(person=pseudonym(message.chat_id))
    if stored.status not in turns.OPEN:
        return None
    job = jobs.AnswerJob(message.chat_id, message.message_id, message.update_id, message.person)
    jobs.enqueue(job, f"answer:{message.update_id}")
    return typing(message.chat_id, message.thread_id)


def _turn(message: Message, status: str) -> turns.Turn:
    return turns.Turn(
        message.chat_id,
        message.message_id,
        update_id=message.update_id,
        thread_id=message.thread_id,
        language=message.person.language,
        kind=message.kind,
        text=message.text,
        status=status,
        sent_s=message.sent_s,
        received_at=users.now_ms(),
    )
