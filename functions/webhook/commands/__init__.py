"""The commands: which module runs each. A new command is a function there, its entry in both lists, and its texts.

A module is loaded by its first command: each would take its part of every cold start, and few messages are commands.
"""

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from functions.webhook.commands.command import Command

MODULES = {
    "start": "about",
    "menu": "about",
    "help": "about",
    "language": "about",
    "again": "conversation",
    "continue": "conversation",
    "stop": "conversation",
    "undo": "conversation",
    "memory": "conversation",
    "restart": "conversation",
}


def find(name: str) -> "Command | None":
    """None for a command that the bot doesn't have."""
    if name not in MODULES:
        return None
    commands: dict[str, Command] = import_module(f"{__name__}.{MODULES[name]}").COMMANDS
    return commands[name]
