"""Commands about the current conversation: /again, /continue, /stop, /undo, /memory, /why, /restart."""

from collections.abc import Callable

from functions.webhook import settings, turn_actions
from functions.webhook.commands.command import Command
from functions.webhook.context import Method, UpdateContext
from functions.webhook.queueing import queue_greeting, queue_memory
from functions.webhook.update import Message
from troupe import choices
from troupe.telegram.buttons import page_url

# The arguments: the context, the id of the current character, and the words after the command's name.
InConversation = Callable[[UpdateContext, str, str], Method]


def with_character(command: InConversation) -> Command:
    """Offers the picker to a person who has chosen no character."""

    def run(context: UpdateContext, _message: Message, argument: str) -> Method:
        character_id = context.user.character_id
        if not character_id:
            return context.offer_picker(context.texts.choose_first)
        return command(context, str(character_id), argument)

    return run


def again(context: UpdateContext, _character_id: str, _argument: str) -> Method:
    return turn_actions.answer_again(context)


def continue_(context: UpdateContext, _character_id: str, _argument: str) -> Method:
    return turn_actions.go_on(context)


def stop(context: UpdateContext, _message: Message, _argument: str) -> Method | None:
    return turn_actions.stop(context)


def heard(context: UpdateContext, _message: Message, argument: str) -> Method | None:
    return turn_actions.correct(context, argument)


def undo(context: UpdateContext, _character_id: str, _argument: str) -> Method:
    return turn_actions.take_back(context)


def memory(context: UpdateContext, _character_id: str, argument: str) -> Method:
    queue_memory(context, argument)
    return context.typing()


def why(context: UpdateContext, character_id: str, _argument: str) -> Method:
    page = page_url(settings.webapp_url, "why", character_id, context.thread_id)
    button = {"text": context.texts.why_page, "web_app": {"url": page}}
    return context.send("sendMessage", text=context.texts.why, reply_markup={"inline_keyboard": [[button]]})


def restart(context: UpdateContext, character_id: str, _argument: str) -> Method:
    user = choices.restart(context.user, character_id, context.update_id)
    queue_greeting(context, character_id, user.generation(character_id))
    return context.say(context.texts.restarted)


COMMANDS: dict[str, Command] = {
    "again": with_character(again),
    "continue": with_character(continue_),
    "stop": stop,
    "heard": heard,
    "undo": with_character(undo),
    "memory": with_character(memory),
    "why": with_character(why),
    "restart": with_character(restart),
}
