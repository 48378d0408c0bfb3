"""A message that begins with a slash: a command of ours, a slip of the pen, or plain speech ("/me waves")."""

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from functions.webhook import commands

if TYPE_CHECKING:
    from functions.webhook.commands.command import Command

COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(@\w+)?(\s+(?P<argument>.*))?", re.DOTALL)
# difflib's measure, 0 to 1. "/memroy" is as near to a command as this; "/me" is not.
SLIP = 0.75


@dataclass(frozen=True)
class CommandLine:
    """`run` is None for a command that the bot doesn't have."""

    name: str
    run: "Command | None"
    argument: str

    @property
    def is_owners(self) -> bool:
        return self.run is not None and self.name in commands.OWNERS_MODULES

    @property
    def is_about_own_data(self) -> bool:
        return self.name in commands.OF_OWN_DATA


def command_in(text: str, *, is_owner: bool) -> CommandLine | None:
    """None for speech: no slash, or words behind one that stands for no command.

    :param is_owner: whether the writer has the owners' commands. To anybody else the bot does not have them.
    """
    found = COMMAND.fullmatch(text)
    if found is None:
        return None
    name, argument = found["name"].lower(), (found["argument"] or "").strip()
    run = commands.find(name, is_owner=is_owner)
    if run is None and argument and not _is_slip(name, is_owner=is_owner):
        return None
    return CommandLine(name, run, argument)


def _is_slip(name: str, *, is_owner: bool) -> bool:
    import difflib  # noqa: PLC0415 - a millisecond of a cold start, and hardly any message needs it

    return bool(difflib.get_close_matches(name, commands.known_to(is_owner=is_owner), n=1, cutoff=SLIP))
