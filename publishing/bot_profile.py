"""Sets the bot's profile: commands, menu button and descriptions, in every language."""

from collections.abc import Iterable
from contextlib import suppress

from telegram import Bot, BotCommandScopeChat, MenuButtonWebApp, WebAppInfo
from telegram.error import BadRequest, Forbidden

from troupe.telegram.owner_texts import owner_texts
from troupe.telegram.texts import DEFAULT_LANGUAGE, LANGUAGES

# Telegram keeps one label for all languages, so it has no word to translate.
MENU_BUTTON = "🎭 Troupe"


async def publish(bot: Bot, webapp_url: str, owners: Iterable[int] = ()) -> None:
    """Safe to repeat.

    :param owners: their chats list the owners' commands too; Telegram takes that once they have started the bot
    :raises telegram.error.TelegramError: the token is wrong, or Telegram refused one of them
    """
    for code, said in LANGUAGES.items():
        # Telegram shows the texts without a language code to everybody whose own language is not listed.
        language = None if code == DEFAULT_LANGUAGE else code
        await bot.set_my_commands(list(said.commands.items()), language_code=language)
        await bot.set_my_description(said.description, language_code=language)
        await bot.set_my_short_description(said.short_description, language_code=language)
        for owner in owners:
            commands = [*owner_texts(code).commands.items(), *said.commands.items()]
            with suppress(BadRequest, Forbidden):
                await bot.set_my_commands(commands, BotCommandScopeChat(owner), language_code=language)
    await bot.set_chat_menu_button(menu_button=MenuButtonWebApp(MENU_BUTTON, WebAppInfo(webapp_url)))
