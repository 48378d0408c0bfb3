"""The type of every command."""

from collections.abc import Callable

from functions.webhook.context import Method, UpdateContext
from functions.webhook.update import Message

# The arguments: the context, the message, and the words after the command's name.
Command = Callable[[UpdateContext, Message, str], Method | None]
