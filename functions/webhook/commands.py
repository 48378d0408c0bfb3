"""What a person asks of the bot itself, by a command."""

from functions.webhook import revisions
from functions.webhook.scene import Method, Scene
from functions.webhook.update import Message
from troupe import users
from troupe.characters.model import Character
from troupe.conversations import jobs
from troupe.observability import count
from troupe.telegram.buttons import language_buttons
from troupe.telegram.texts import interface_language

LANGUAGES = {"en", "ru"}


def obey(scene: Scene, message: Message, name: str, argument: str) -> Method | None:
    said = scene.said
    match name:
        case "start":
            return _start_with(scene, message, argument) if argument else _welcome(scene)
        case "menu":
            return scene.offer_picker(said.menu)
        case "help":
            return scene.say(said.help)
        case "language":
            return _language(scene, argument.lower())
        case "again" | "continue" | "undo" | "memory" | "restart":
            return _in_conversation(scene, name, argument)
    return scene.say(said.unknown_command)


def _welcome(scene: Scene) -> Method:
    users.register(scene.person)
    return scene.offer_picker(scene.said.welcome.format(name=scene.person.first_name))


def _start_with(scene: Scene, message: Message, character_id: str) -> Method | None:
    """A deep link, t.me/<bot>?start=<character id>, goes straight to the character."""
    if not Character.is_known(character_id):
        users.register(scene.person)
        return scene.offer_picker(scene.said.unknown_character)
    user = users.choose(scene.person, character_id, at_ms=message.sent_s * 1000 + 999)
    if user is None:
        # An old link that came late or twice. A choice made since then counts.
        return None
    greet(scene, character_id, user.generation(character_id))
    count("CharactersChosen", character=character_id)
    return scene.typing()


def _in_conversation(scene: Scene, name: str, argument: str) -> Method:
    character_id = scene.user.character_id
    if not character_id:
        return scene.offer_picker(scene.said.choose_first)
    match name:
        case "again":
            return revisions.another(scene)
        case "continue":
            return revisions.go_on(scene)
        case "undo":
            return revisions.take_back(scene)
        case "memory":
            control(scene, "memory", argument)
            return scene.typing()
    user = users.restart(scene.user, character_id, scene.update_id)
    greet(scene, character_id, user.generation(character_id))
    return scene.say(scene.said.restarted)


def _language(scene: Scene, code: str) -> Method:
    if code not in LANGUAGES:
        return scene.say(scene.said.language, reply_markup=language_buttons(scene.language_tag))
    return speak(scene, code)


def speak(scene: Scene, code: str) -> Method:
    """From now on in that language; "auto" for the one of their Telegram."""
    user = users.speak(scene.person, code if code in LANGUAGES else None)
    speaking = Scene(scene.update_id, scene.person, scene.message_id, scene.thread_id, user, scene.callback_id)
    return speaking.say(speaking.said.language_set)


def greet(scene: Scene, character_id: str, generation: int) -> None:
    language = interface_language(scene.language_tag)
    job = jobs.GreetJob(
        scene.chat_id, character_id, language, scene.thread_id, str(scene.update_id), generation=generation
    )
    jobs.enqueue(job, f"greet:{scene.update_id}")


def control(scene: Scene, action: str, argument: str) -> None:
    """For what only the reply function can do: it reads conversations and writes to the chat."""
    job = jobs.ControlJob(
        chat_id=scene.chat_id,
        action=action,
        argument=argument,
        conversation_id=revisions.current_conversation(scene) or "",
        character_id=scene.user.character_id or "",
        language=scene.language,
        message_id=scene.message_id if scene.callback_id else 0,
        thread_id=scene.thread_id,
        correlation_id=str(scene.update_id),
    )
    jobs.enqueue(job, f"control:{scene.update_id}")
