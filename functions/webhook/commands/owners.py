"""The owners' commands. The reply function works them; to anybody else the bot doesn't have them."""

from functions.webhook.commands import OWNERS_MODULES
from functions.webhook.commands.command import Command
from functions.webhook.context import Method, UpdateContext
from functions.webhook.queueing import queue_for_owner
from functions.webhook.update import Message


def command(name: str) -> Command:
    def run(context: UpdateContext, message: Message, argument: str) -> Method:
        queue_for_owner(context, name, words=argument, about_id=message.about_id)
        return context.typing()

    return run


COMMANDS: dict[str, Command] = {name: command(name) for name in OWNERS_MODULES}
