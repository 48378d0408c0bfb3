"""A message that a person sends: words, sounds and pictures are stored and queued, commands are run, and anything else
asks for words.

Messages are stored without a read. The reply function finds out which character they were written to.
"""

from dataclasses import asdict
from typing import TYPE_CHECKING

from functions.webhook import settings
from functions.webhook.context import Method, UpdateContext, context_of, typing
from functions.webhook.update import Document, Message
from troupe import users
from troupe.admission import INVITATION_PREFIX
from troupe.characters.access import may_bring
from troupe.clock import now_ms
from troupe.conversations import turn_intake
from troupe.conversations.jobs.answering import AnswerJob
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import COMMAND, OPEN, RECEIVED, UNADDRESSED
from troupe.observability import count, describe
from troupe.pseudonym import pseudonym
from troupe.retention import expires_at

if TYPE_CHECKING:
    from functions.webhook.command_line import CommandLine


def receive(message: Message) -> Method | None:
    if message.document and may_bring(settings.cards_from, message.person.user_id):
        return _bring(message, message.document)
    command = command_in(message)
    if command and command.is_owners:
        # An owner's command may be a reply: it names a person by a message of theirs.
        return obey(context_of(message), message, command)
    # An album is answered as a whole: its caption may come with its last part.
    if _has_content(message) or (message.text and not command):
        return store_and_queue(message)
    if command and command.name == "start" and command.argument.startswith(INVITATION_PREFIX):
        from functions.webhook import invitations  # noqa: PLC0415 - few messages need it

        return invitations.redeem(message, command.argument)
    context = context_of(message, about_own_data=command is not None and command.is_about_own_data)
    if context.user.blocked_at:
        users.mark_unblocked(message.person.user_id)
    return obey(context, message, command) if command else _ask_for_words(context, message)


def command_in(message: Message) -> "CommandLine | None":
    """None for anything but a text with a command: words under a picture or a sound are no command."""
    if message.kind != "text" or not message.text.startswith("/"):
        return None
    from functions.webhook import command_line  # noqa: PLC0415 - few messages are commands

    return command_line.command_in(message.text, is_owner=settings.policy.is_owner(message.person.user_id))


def _has_content(message: Message) -> bool:
    return bool(message.quote or message.media_group_id or message.sound or message.picture)


def _ask_for_words(context: UpdateContext, message: Message) -> Method:
    if context.user.erasure:
        return _refuse_while_erased(context)
    turn_intake.receive(_turn(message, UNADDRESSED))
    return context.say(context.texts.words_only)


def _bring(message: Message, document: Document) -> Method:
    """Queues the words of the message for an answer, and the file for the function that reads card files."""
    from functions.webhook.card_files import bring  # noqa: PLC0415 - few messages are files

    context = context_of(message)
    if context.user.erasure:
        return _refuse_while_erased(context)
    if context.user.blocked_at:
        users.mark_unblocked(message.person.user_id)
    has_words = bool(message.text or message.quote)
    if has_words:
        store_and_queue(message)
    else:
        turn_intake.receive(_turn(message, UNADDRESSED))
    return bring(context, message, document, has_words=has_words)


def _refuse_while_erased(context: UpdateContext) -> Method:
    from functions.webhook.commands.privacy import refuse_while_erased  # noqa: PLC0415 - few people meet it

    return refuse_while_erased(context)


def obey(context: UpdateContext, message: Message, command: "CommandLine") -> Method | None:
    if context.user.erasure:
        return _refuse_while_erased(context)
    if command.run:
        return command.run(context, message, command.argument)
    turn = _turn(message, UNADDRESSED)
    turn.kind = COMMAND
    turn_intake.receive(turn)
    return context.say(context.texts.unknown_command)


def store_and_queue(message: Message) -> Method | None:
    """Stores first: a redelivered update then repeats only the step that is missing."""
    turn = _turn(message, RECEIVED)
    stored = turn_intake.receive(turn)
    if stored is turn:
        count("TurnsReceived")
        describe(person=pseudonym(message.person.user_id))
    if stored.status not in OPEN:
        return None
    job = AnswerJob(
        person_id=message.person.user_id,
        chat_id=message.chat_id,
        message_id=message.message_id,
        correlation_id=str(message.update_id),
    )
    enqueue(job, f"answer:{message.update_id}")
    return typing(message.chat_id, message.thread_id)


def _turn(message: Message, status: str) -> Turn:
    now = now_ms()
    return Turn(
        message.chat_id,
        message.message_id,
        person_id=message.person.user_id,
        writer=asdict(message.person),
        update_id=message.update_id,
        thread_id=message.thread_id,
        language=message.person.language,
        kind=message.kind,
        text=message.text,
        quote=message.quote.to_json() if message.quote else None,
        media_group_id=message.media_group_id,
        sound=message.sound.to_json() if message.sound else None,
        picture=message.picture.to_json() if message.picture else None,
        status=status,
        sent_s=message.sent_s,
        received_at=now,
        expires_at=expires_at(now),
    )
