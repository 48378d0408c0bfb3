"""Handles a press of each of the bot's buttons."""

from collections.abc import Callable

from functions.webhook import character_actions, settings, turn_actions
from functions.webhook.commands.about import set_language, set_muted
from functions.webhook.commands.privacy import press_erase, refuse_while_erased
from functions.webhook.context import Method, UpdateContext
from functions.webhook.queueing import queue_for_owner, queue_greeting, queue_in_conversation, queue_job
from troupe import choices, users
from troupe.age import Standing, standing
from troupe.conversations.jobs.answering import AlternativeGreetingJob, AlternativeJob, WriteOutJob
from troupe.conversations.jobs.entry import AgeJob
from troupe.conversations.jobs.remembering import ForgetJob
from troupe.telegram.callback_data import NO, CallbackData

Callback = Callable[[UpdateContext, CallbackData], Method]


def press(context: UpdateContext, data: str) -> Method:
    """:param data: anything; data that no button of this version carries is answered as an old button"""
    pressed = CallbackData.parse(data)
    if pressed is None:
        return context.say(context.texts.old_button)
    if context.user.erasure:
        return refuse_while_erased(context)
    return _CALLBACKS[pressed.action](context, pressed)


def is_about_own_data(data: str) -> bool:
    pressed = CallbackData.parse(data)
    return pressed is not None and pressed.action == "erase"


def _retry(context: UpdateContext, pressed: CallbackData) -> Method:
    return turn_actions.retry(context, pressed.number())


def _again(context: UpdateContext, pressed: CallbackData) -> Method:
    return turn_actions.answer_again(context, pressed.number())


def _go_on(context: UpdateContext, pressed: CallbackData) -> Method:
    return turn_actions.go_on(context, pressed.number())


def _take_back(context: UpdateContext, pressed: CallbackData) -> Method:
    return turn_actions.take_back(context, pressed.number())


def _picture(context: UpdateContext, pressed: CallbackData) -> Method:
    return turn_actions.picture(context, pressed.number())


def _say(context: UpdateContext, pressed: CallbackData) -> Method:
    from functions.webhook.commands import voice  # noqa: PLC0415 - loaded by its first button

    return voice.say(context, pressed.number())


def _write_out(context: UpdateContext, pressed: CallbackData) -> Method:
    queue_job(context, WriteOutJob, turn_id=pressed.number())
    return context.typing()


def _voice(context: UpdateContext, pressed: CallbackData) -> Method:
    from functions.webhook.commands import voice  # noqa: PLC0415 - as above

    return voice.choose(context, pressed.arguments[0])


def _alternative(context: UpdateContext, pressed: CallbackData) -> Method:
    queue_in_conversation(context, AlternativeJob, turn_id=pressed.number(0), number=pressed.number(1))
    return context.typing()


def _greeting(context: UpdateContext, pressed: CallbackData) -> Method:
    queue_in_conversation(context, AlternativeGreetingJob, number=pressed.number())
    return context.typing()


def _forget(context: UpdateContext, pressed: CallbackData) -> Method:
    queue_in_conversation(context, ForgetJob, fact=pressed.arguments[0])
    return context.typing()


def _language(context: UpdateContext, pressed: CallbackData) -> Method:
    return set_language(context, pressed.arguments[0])


def _timezone(context: UpdateContext, pressed: CallbackData) -> Method:
    from functions.webhook.commands import time_zone  # noqa: PLC0415 - pressed once in a person's life

    return time_zone.press(context, pressed)


def _age(context: UpdateContext, pressed: CallbackData) -> Method:
    """Stores the stated age, so that it counts at once; the reply function goes on from it."""
    (answer,) = pressed.arguments
    if answer != NO and standing(settings.least_age, context.user) is Standing.TOO_YOUNG:
        # The question was asked twice, and they have said no under the other message.
        return context.say(context.texts.too_young)
    users.state_age(context.person, 0 if answer == NO else int(answer))
    queue_job(context, AgeJob, message_id=context.message_id)
    return context.typing()


def _restart_undo(context: UpdateContext, pressed: CallbackData) -> Method:
    character_id, generation = context.user.character_id, pressed.number()
    if not character_id or context.user.generation(character_id) != generation:
        return context.say(context.texts.old_button)
    user = choices.undo_restart(context.user, character_id, generation)
    queue_greeting(context, character_id, user.generation(character_id))
    return context.say(context.texts.restart_undone)


def _talk(context: UpdateContext, pressed: CallbackData) -> Method:
    return character_actions.talk(context, *pressed.arguments)


def _as_owner(context: UpdateContext, pressed: CallbackData) -> Method:
    return character_actions.act_as_owner(context, pressed.arguments[0], pressed.action)


def _export(context: UpdateContext, pressed: CallbackData) -> Method:
    return character_actions.export(context, pressed.arguments[0], as_json=pressed.arguments[1] == "json")


def _import(context: UpdateContext, pressed: CallbackData) -> Method:
    return character_actions.import_chat(context, *pressed.arguments)


def _import_undo(context: UpdateContext, pressed: CallbackData) -> Method:
    character_id = context.user.character_id
    if not character_id or context.user.generation(character_id) != pressed.number(0):
        return context.say(context.texts.old_button)
    choices.go_into(context.user, character_id, pressed.number(1))
    queue_greeting(context, character_id, pressed.number(1))
    return context.say(context.texts.restart_undone)


def _drop(context: UpdateContext, pressed: CallbackData) -> Method:
    return character_actions.drop_chat(context, pressed.arguments[0])


def _broadcast(context: UpdateContext, pressed: CallbackData) -> Method:
    if not settings.policy.is_owner(context.person.user_id):
        return context.say(context.texts.old_button)
    broadcast_id, action = pressed.arguments
    queue_for_owner(context, f"broadcast_{action}", broadcast_id)
    return context.typing()


def _news(context: UpdateContext, _pressed: CallbackData) -> Method:
    return set_muted(context, muted=True)


_CALLBACKS: dict[str, Callback] = {
    "retry": _retry,
    "again": _again,
    "go_on": _go_on,
    "take_back": _take_back,
    "picture": _picture,
    "say": _say,
    "write_out": _write_out,
    "voice": _voice,
    "alternative": _alternative,
    "greeting": _greeting,
    "forget": _forget,
    "language": _language,
    "timezone": _timezone,
    "broadcast": _broadcast,
    "news": _news,
    "age": _age,
    "restart_undo": _restart_undo,
    "talk": _talk,
    "meet": _talk,
    "delete": _as_owner,
    "share": _as_owner,
    "unshare": _as_owner,
    "export": _export,
    "import": _import,
    "drop": _drop,
    "import_undo": _import_undo,
    "erase": press_erase,
}
