"""What every command is."""

from collections.abc import Callable

from functions.webhook.context import Method, UpdateContext
from functions.webhook.update import Message

# Takes the context, the message, and the words behind the command's name.
Command = Callable[[UpdateContext, Message, str], Method | None]
