"""Commands about the bot itself: /start, /menu, /help, /language, /mute, /unmute."""

from dataclasses import replace

from functions.webhook import character_actions, settings
from functions.webhook.commands.command import Command
from functions.webhook.context import Method, UpdateContext
from functions.webhook.queueing import queue_greeting
from functions.webhook.update import Message
from troupe import choices, users
from troupe.age import Standing, standing
from troupe.characters.access import may_bring, parse_share_payload
from troupe.characters.character import Character
from troupe.characters.ids import in_metrics
from troupe.observability import count
from troupe.telegram.buttons import age_buttons, language_buttons
from troupe.telegram.texts import LANGUAGES


def start(context: UpdateContext, message: Message, argument: str) -> Method | None:
    """A deep link, t.me/<bot>?start=<character id>, goes straight to the character; the link of a shared one leads to
    its preview. Anything else welcomes.

    Channels and adverts put notes of their own behind ?start=, and ids come in any case.
    """
    character_id = argument.split(maxsplit=1)[0].lower() if argument else ""
    if shared := parse_share_payload(character_id):
        users.register(context.person)
        return character_actions.introduce(context, *shared)
    if not character_id or not Character.may_choose(context.person.user_id, character_id):
        return _welcome(context)
    user = choices.choose(context.person, character_id, at_ms=message.sent_s * 1000 + 999)
    if user is None:
        # The link came late or twice, and the person has chosen since.
        return None
    queue_greeting(context, character_id, user.generation(character_id))
    count("CharactersChosen", character=in_metrics(character_id))
    return context.typing()


def _welcome(context: UpdateContext) -> Method:
    stands, said = standing(settings.least_age, context.user), context.texts
    users.register(context.person, told_of_ai=stands is not Standing.TOO_YOUNG)
    if stands is Standing.TOO_YOUNG:
        return context.say(said.too_young)
    if stands is Standing.UNASKED:
        question = said.age_question.format(age=settings.least_age)
        return context.say(question, reply_markup=age_buttons(settings.least_age, context.language_tag))
    return context.offer_picker(said.welcome.format(name=context.person.first_name or said.nameless))


def menu(context: UpdateContext, _message: Message, _argument: str) -> Method:
    return context.offer_picker(context.texts.menu)


def help_(context: UpdateContext, _message: Message, _argument: str) -> Method:
    said = context.texts.help
    if not may_bring(settings.cards_from, context.person.user_id):
        return context.say(said)
    from troupe.telegram.card_texts import card_texts  # noqa: PLC0415 - loaded when needed, as in `context`

    return context.say(f"{said}\n\n{card_texts(context.language_tag).help}")


def language(context: UpdateContext, _message: Message, argument: str) -> Method:
    code = argument.lower()
    if code not in LANGUAGES:
        return context.say(context.texts.language, reply_markup=language_buttons(context.language_tag))
    return set_language(context, code)


def set_language(context: UpdateContext, code: str) -> Method:
    """:param code: any but those of LANGUAGES means the language of the person's Telegram"""
    user = users.set_language(context.person, code if code in LANGUAGES else None)
    context = replace(context, user=user)
    return context.say(context.texts.language_set)


def mute(context: UpdateContext, _message: Message, _argument: str) -> Method:
    return set_muted(context, muted=True)


def unmute(context: UpdateContext, _message: Message, _argument: str) -> Method:
    return set_muted(context, muted=False)


def set_muted(context: UpdateContext, *, muted: bool) -> Method:
    users.set_muted(context.person.user_id, muted=muted)
    return context.say(context.texts.muted if muted else context.texts.unmuted)


def shared(context: UpdateContext, _message: Message, argument: str) -> Method:
    """Sets whether all characters may know what one of them has learned of the person. Off by default."""
    said = context.texts
    if argument.lower() not in {"on", "off"}:
        return context.say(said.shared_on if context.user.shares_memory else said.shared_off)
    shares = argument.lower() == "on"
    users.set_shares_memory(context.person, shares=shares)
    return context.say(said.shared_on if shares else said.shared_off)


COMMANDS: dict[str, Command] = {
    "start": start,
    "menu": menu,
    "help": help_,
    "language": language,
    "shared": shared,
    "mute": mute,
    "unmute": unmute,
}
