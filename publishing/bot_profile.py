"""What people see of the bot before they write to it: commands, menu button and descriptions, in both languages."""

from dataclasses import dataclass

from telegram import Bot, MenuButtonWebApp, WebAppInfo

from troupe.telegram.texts import ENGLISH


@dataclass(frozen=True)
class Profile:
    """Telegram's limits: commands' descriptions 256 characters, description 512, short description 120."""

    language: str
    commands: dict[str, str]
    description: str
    short_description: str


# The empty language is what everyone gets whose own is not listed.
PROFILES = (
    Profile(
        language="",
        commands={
            "menu": "Choose a character",
            "again": "Another answer",
            "continue": "Let them go on",
            "undo": "Take the last exchange back",
            "memory": "What they remember of you",
            "restart": "Begin this conversation anew",
            "language": "English, Russian",
            "help": "What this bot can do",
            "start": "Show the welcome again",
        },
        description=(
            "Troupe is a company of characters to talk to: pick one, say hello, and they answer in their own voice "
            "and remember what you told them.\n\nThe characters are played by an AI; what they say is made up."
        ),
        short_description="Characters to talk to, each with a voice and a memory. Played by an AI.",
    ),
    Profile(
        language="ru",
        commands={
            "menu": "Выбрать персонажа",
            "again": "Другой ответ",
            "continue": "Пусть продолжает",
            "undo": "Отменить последнюю реплику и ответ",
            "memory": "Что о вас помнят",
            "restart": "Начать этот разговор заново",
            "language": "Русский, английский",
            "help": "Что умеет этот бот",
            "start": "Показать приветствие ещё раз",
        },
        description=(
            "Troupe - труппа персонажей для разговора: выберите кого-нибудь, поздоровайтесь, и вам ответят своим "
            "голосом и запомнят, что вы рассказали.\n\nРоли исполняет ИИ, всё сказанное - вымысел."
        ),
        short_description="Персонажи, с которыми можно поговорить: у каждого свой голос и память. Роли исполняет ИИ.",
    ),
)


async def publish(bot: Bot, webapp_url: str) -> None:
    """Safe to repeat.

    :raises telegram.error.TelegramError: the token is wrong, or Telegram refused one of them
    """
    for profile in PROFILES:
        language = profile.language or None
        await bot.set_my_commands(list(profile.commands.items()), language_code=language)
        await bot.set_my_description(profile.description, language_code=language)
        await bot.set_my_short_description(profile.short_description, language_code=language)
    # One button for all: Telegram keeps none per language.
    await bot.set_chat_menu_button(menu_button=MenuButtonWebApp(ENGLISH.menu_button, WebAppInfo(webapp_url)))
