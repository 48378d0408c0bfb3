"""The commands: which module runs each. A new one is a function there, its entry in COMMANDS and here, and texts.

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
    "shared": "about",
    "timezone": "time_zone",
    "picture": "picture",
    "mute": "about",
    "unmute": "about",
    "again": "conversation",
    "continue": "conversation",
    "stop": "conversation",
    "heard": "conversation",
    "undo": "conversation",
    "voice": "voice",
    "memory": "conversation",
    "why": "conversation",
    "restart": "conversation",
    "privacy": "privacy",
    "export": "privacy",
    "delete": "privacy",
}
# These work for people who may not come in, too: the rights to their own data stay with them.
OF_OWN_DATA = {name for name, module in MODULES.items() if module == "privacy"}
# To anybody but an owner the bot does not have these.
OWNERS_MODULES = dict.fromkeys(("stats", "block", "unblock", "limit", "invite", "broadcast"), "owners")


def known_to(*, is_owner: bool) -> dict[str, str]:
    return MODULES | OWNERS_MODULES if is_owner else MODULES


def find(name: str, *, is_owner: bool) -> "Command | None":
    """None for a command that the bot doesn't have."""
    module = known_to(is_owner=is_owner).get(name)
    if module is None:
        return None
    commands: dict[str, Command] = import_module(f"{__name__}.{module}").COMMANDS
    return commands[name]
