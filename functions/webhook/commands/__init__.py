"""The commands, by name. A new command is a function in one of these modules, its entry there, and its texts."""

from functions.webhook.commands import about, conversation
from functions.webhook.commands.command import Command

COMMANDS: dict[str, Command] = {**about.COMMANDS, **conversation.COMMANDS}
