"""A message that begins with a slash: a command of ours, a slip of the pen, or plain speech ("/me waves")."""

import re
from dataclasses import dataclass

from functions.webhook import commands
from functions.webhook.commands.command import Command

COMMAND = re.compile(r"/(?P<name>[A-Za-z0-9_]{1,32})(@\w+)?(\s+(?P<argument>.*))?", re.DOTALL)
# difflib's measure, 0 to 1. "/memroy" is as near to a command as this; "/me" is not.
SLIP = 0.75


@dataclass(frozen=True)
class CommandLine:
    """`run` is None for a command that the bot doesn't have."""

    run: Command | None
    argument: str


def command_in(text: str) -> CommandLine | None:
    """None for speech: no slash, or words behind one that stands for no command."""
    found = COMMAND.fullmatch(text)
    if found is None:
        return None
    name, argument = found["name"].lower(), (found["argument"] or "").strip()
    run = commands.find(name)
    if run is None and argument and not _is_slip(name):
        return None
    return CommandLine(run, argument)


def _is_slip(name: str) -> bool:
    import difflib  # noqa: PLC0415 - a millisecond of a cold start, and hardly any message needs it

    return bool(difflib.get_close_matches(name, commands.MODULES, n=1, cutoff=SLIP))
