"""What the buttons under the bot's messages do."""

from functions.webhook import turn_actions
from functions.webhook.commands import control, greet, set_language
from functions.webhook.context import Method, UpdateContext
from troupe import users
from troupe.conversations import jobs, turns
from troupe.telegram.buttons import Button


def press(context: UpdateContext, data: str) -> Method:  # noqa: PLR0911 - a table: one button, one case
    button = Button.parse(data)
    number = button.number(0) if button else None
    match button and button.action:
        case "retry" if number is not None:
            return _retry(context, number)
        case "again" if number is not None:
            return turn_actions.another(context, number)
        case "more" if number is not None:
            return turn_actions.go_on(context, number)
        case "back" if number is not None:
            return turn_actions.take_back(context, number)
        case "undo" if number is not None:
            return _undo_restart(context, number)
        case "lang" if button:
            return set_language(context, button.arguments[0])
        case "take" | "hello" | "forget" if button:
            control(context, button.action, ":".join(button.arguments))
            return context.typing()
    return context.say(context.texts.old_button)


def _retry(context: UpdateContext, message_id: int) -> Method:
    turn = turns.reopen(context.chat_id, message_id)
    if turn is None:
        return context.say(context.texts.old_button)
    job = jobs.AnswerJob(int(turn.chat_id), int(turn.message_id), int(turn.update_id))
    jobs.enqueue(job, f"retry:{turn.message_id}:{turn.retries}")
    return context.say(context.texts.retrying)


def _undo_restart(context: UpdateContext, generation: int) -> Method:
    character_id = context.user.character_id
    if not character_id or context.user.generation(character_id) != generation:
        return context.say(context.texts.old_button)
    user = users.undo_restart(context.user, character_id, generation)
    greet(context, character_id, user.generation(character_id))
    return context.say(context.texts.restart_undone)
