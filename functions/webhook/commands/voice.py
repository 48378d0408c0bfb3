"""/voice: whether the person gets answers in writing, in writing and aloud, or aloud."""

from functions.webhook import settings
from functions.webhook.commands.command import Command
from functions.webhook.context import Method, UpdateContext
from functions.webhook.queueing import queue_job
from functions.webhook.update import Message
from troupe import users
from troupe.answer_mode import MODES
from troupe.conversations.jobs.answering import SpeakJob
from troupe.telegram.buttons import voice_buttons


def voice(context: UpdateContext, _message: Message, argument: str) -> Method:
    mode = argument.strip().lower()
    if not settings.can_speak:
        return context.say(context.texts.voiceless)
    if mode not in MODES:
        return context.say(context.texts.voice, reply_markup=voice_buttons(context.language_tag))
    return choose(context, mode)


def choose(context: UpdateContext, mode: str) -> Method:
    users.set_answers_as(context.person, mode)
    return context.say(context.texts.voice_set[mode])


def say(context: UpdateContext, turn_id: int) -> Method:
    """The button under an answer."""
    if not settings.can_speak:
        return context.say(context.texts.voiceless)
    if context.user.voice_refused_at:
        return context.say(context.texts.voice_forbidden)
    queue_job(context, SpeakJob, turn_id=turn_id, pressed=True)
    return context.typing()


COMMANDS: dict[str, Command] = {"voice": voice}
