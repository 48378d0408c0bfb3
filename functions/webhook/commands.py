"""What a person asks of the bot itself, by a command."""

from functions.webhook import turn_actions
from functions.webhook.context import Method, UpdateContext
from functions.webhook.update import Message
from troupe import users
from troupe.characters.character import Character
from troupe.conversations import jobs
from troupe.observability import count
from troupe.telegram.buttons import language_buttons
from troupe.telegram.texts import interface_language

LANGUAGES = {"en", "ru"}


def obey(context: UpdateContext, message: Message, name: str, argument: str) -> Method | None:
    said = context.texts
    match name:
        case "start":
            return _start_with(context, message, argument) if argument else _welcome(context)
        case "menu":
            return context.offer_picker(said.menu)
        case "help":
            return context.say(said.help)
        case "language":
            return _language(context, argument.lower())
        case "again" | "continue" | "undo" | "memory" | "restart":
            return _in_conversation(context, name, argument)
    return context.say(said.unknown_command)


def _welcome(context: UpdateContext) -> Method:
    users.register(context.person)
    return context.offer_picker(context.texts.welcome.format(name=context.person.first_name))


def _start_with(context: UpdateContext, message: Message, character_id: str) -> Method | None:
    """A deep link, t.me/<bot>?start=<character id>, goes straight to the character."""
    if not Character.is_known(character_id):
        users.register(context.person)
        return context.offer_picker(context.texts.unknown_character)
    user = users.choose(context.person, character_id, at_ms=message.sent_s * 1000 + 999)
    if user is None:
        # An old link that came late or twice. A choice made since then counts.
        return None
    greet(context, character_id, user.generation(character_id))
    count("CharactersChosen", character=character_id)
    return context.typing()


def _in_conversation(context: UpdateContext, name: str, argument: str) -> Method:
    character_id = context.user.character_id
    if not character_id:
        return context.offer_picker(context.texts.choose_first)
    match name:
        case "again":
            return turn_actions.another(context)
        case "continue":
            return turn_actions.go_on(context)
        case "undo":
            return turn_actions.take_back(context)
        case "memory":
            control(context, "memory", argument)
            return context.typing()
    user = users.restart(context.user, character_id, context.update_id)
    greet(context, character_id, user.generation(character_id))
    return context.say(context.texts.restarted)


def _language(context: UpdateContext, code: str) -> Method:
    if code not in LANGUAGES:
        return context.say(context.texts.language, reply_markup=language_buttons(context.language_tag))
    return set_language(context, code)


def set_language(context: UpdateContext, code: str) -> Method:
    """From now on in that language; "auto" for the one of their Telegram."""
    user = users.set_language(context.person, code if code in LANGUAGES else None)
    speaking = UpdateContext(
        context.update_id, context.person, context.message_id, context.thread_id, user, context.callback_id
    )
    return speaking.say(speaking.texts.language_set)


def greet(context: UpdateContext, character_id: str, generation: int) -> None:
    language = interface_language(context.language_tag)
    job = jobs.GreetJob(
        context.chat_id, character_id, language, context.thread_id, str(context.update_id), generation=generation
    )
    jobs.enqueue(job, f"greet:{context.update_id}")


def control(context: UpdateContext, action: str, argument: str) -> None:
    """For what only the reply function can do: it reads conversations and writes to the chat."""
    job = jobs.ControlJob(
        chat_id=context.chat_id,
        action=action,
        argument=argument,
        conversation_id=turn_actions.current_conversation(context) or "",
        character_id=context.user.character_id or "",
        language=context.language,
        message_id=context.message_id if context.callback_id else 0,
        thread_id=context.thread_id,
        correlation_id=str(context.update_id),
    )
    jobs.enqueue(job, f"control:{context.update_id}")
