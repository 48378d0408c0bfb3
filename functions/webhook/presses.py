"""What the buttons under the bot's messages do."""

from functions.webhook import revisions
from functions.webhook.commands import control, greet, speak
from functions.webhook.scene import Method, Scene
from troupe import users
from troupe.conversations import jobs, turns
from troupe.telegram.buttons import Button


def press(scene: Scene, data: str) -> Method:  # noqa: PLR0911 - a table: one button, one case
    button = Button.parse(data)
    number = button.number(0) if button else None
    match button and button.action:
        case "retry" if number is not None:
            return _retry(scene, number)
        case "again" if number is not None:
            return revisions.another(scene, number)
        case "more" if number is not None:
            return revisions.go_on(scene, number)
        case "back" if number is not None:
            return revisions.take_back(scene, number)
        case "undo" if number is not None:
            return _undo_restart(scene, number)
        case "lang" if button:
            return speak(scene, button.arguments[0])
        case "take" | "hello" | "forget" if button:
            control(scene, button.action, ":".join(button.arguments))
            return scene.typing()
    return scene.say(scene.said.old_button)


def _retry(scene: Scene, message_id: int) -> Method:
    turn = turns.reopen(scene.chat_id, message_id)
    if turn is None:
        return scene.say(scene.said.old_button)
    job = jobs.AnswerJob(int(turn.chat_id), int(turn.message_id), int(turn.update_id))
    jobs.enqueue(job, f"retry:{turn.message_id}:{turn.retries}")
    return scene.say(scene.said.retrying)


def _undo_restart(scene: Scene, generation: int) -> Method:
    character_id = scene.user.character_id
    if not character_id or scene.user.generation(character_id) != generation:
        return scene.say(scene.said.old_button)
    user = users.undo_restart(scene.user, character_id, generation)
    greet(scene, character_id, user.generation(character_id))
    return scene.say(scene.said.restart_undone)
