"""What each kind of update sets in motion, and the Bot API method (if any) that answers it at once."""

import re

from functions.webhook import revisions
from functions.webhook.commands import obey
from functions.webhook.presses import press
from functions.webhook.scene import Method, Scene
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
            return revisions.edit(_scene(message), message.text if message.kind == "text" else "")
        case ButtonPress():
            return press(_scene(update), update.data)
        case MembershipChange(person, blocked):
            (users.mark_blocked if blocked else users.mark_unblocked)(person.user_id)
        case Ignored():
            count("UpdatesIgnored")
    return None


def _scene(update: Message | ButtonPress) -> Scene:
    person = update.person
    user = User.find(person.user_id) or users.register(person)
    callback_id = update.callback_id if isinstance(update, ButtonPress) else ""
    return Scene(update.update_id, person, update.message_id, update.thread_id, user, callback_id)


def _answer_message(message: Message) -> Method | None:
    scene = _scene(message)
    if scene.user.blocked_at:
        users.mark_unblocked(scene.chat_id)
    command = COMMAND.fullmatch(message.text) if message.kind == "text" else None
    if command:
        return obey(scene, message, command["name"].lower(), (command["argument"] or "").strip())
    if message.kind == "text" and scene.user.character_id:
        return _store_and_queue(scene, message)
    turns.receive(_turn(scene, message, turns.UNADDRESSED))
    return _no_turn(scene, message)


def _no_turn(scene: Scene, message: Message) -> Method:
    if message.kind != "text":
        return scene.say(scene.said.words_only)
    return scene.offer_picker(scene.said.choose_first)


def _store_and_queue(scene: Scene, message: Message) -> Method | None:
    """The put comes first: a redelivery then repeats only what is still missing."""
    turn = _turn(scene, message, turns.RECEIVED)
    turn.character_id = scene.user.character_id
    turn.conversation_id = revisions.current_conversation(scene)
    stored = turns.receive(turn)
    if stored is turn:
        count("TurnsReceived")
        describe(person=pseudonym(scene.chat_id), character=str(turn.character_id))
    if stored.status in turns.OPEN:
        job = jobs.AnswerJob(message.chat_id, message.message_id, message.update_id)
        jobs.enqueue(job, f"answer:{message.update_id}")
        return scene.typing()
    # A repeat. Telegram repeats what it has no answer to, so nobody has seen what was said the first time.
    return _no_turn(scene, message) if stored.status == turns.UNADDRESSED else None


def _turn(scene: Scene, message: Message, status: str) -> turns.Turn:
    return turns.Turn(
        message.chat_id,
        message.message_id,
        update_id=message.update_id,
        thread_id=message.thread_id,
        language=scene.language_tag,
        kind=message.kind,
        text=message.text,
        status=status,
        sent_s=message.sent_s,
        received_at=users.now_ms(),
    )
