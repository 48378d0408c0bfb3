"""/picture: the scene, a portrait of the character, or what the words behind the command say."""

from functions.webhook.commands.command import Command
from functions.webhook.context import Method, UpdateContext
from functions.webhook.drawing import draw
from functions.webhook.update import Message

PORTRAIT = {"portrait", "selfie", "портрет", "селфи"}


def picture(context: UpdateContext, _message: Message, argument: str) -> Method:
    if argument.lower() in PORTRAIT:
        return draw(context, "portrait")
    return draw(context, "words", argument) if argument else draw(context, "scene")


COMMANDS: dict[str, Command] = {"picture": picture}
