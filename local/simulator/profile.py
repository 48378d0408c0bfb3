"""The bot's profile: its name, descriptions, commands and menu button."""

import re
from collections.abc import Callable

from local.simulator.keyboards import check_web_app
from local.simulator.refusal import Json, bad_request
from local.simulator.telegram_server import TelegramServer

COMMAND = re.compile(r"[a-z0-9_]{1,32}")
MAX_COMMANDS = 100
MAX_COMMAND_DESCRIPTION = 256
MAX_LENGTHS = {"name": 64, "description": 512, "short_description": 120}


def get_me(server: TelegramServer, _params: Json) -> Json:
    return server.bot_user() | {
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
        "has_topics_enabled": False,
    }


def set_my_commands(server: TelegramServer, params: Json) -> bool:
    if len(params["commands"]) > MAX_COMMANDS:
        raise bad_request("BOT_COMMANDS_TOO_MUCH")
    for each in params["commands"]:
        if not COMMAND.fullmatch(each["command"]):
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(each["description"]) <= MAX_COMMAND_DESCRIPTION:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    server.state.commands[_commands_key(params)] = params["commands"]
    server.changes.publish(0, {"type": "commands"})
    return True


def get_my_commands(server: TelegramServer, params: Json) -> list[Json]:
    return server.state.commands.get(_commands_key(params), [])


def delete_my_commands(server: TelegramServer, params: Json) -> bool:
    server.state.commands.pop(_commands_key(params), None)
    server.changes.publish(0, {"type": "commands"})
    return True


def _commands_key(params: Json) -> str:
    scope = params.get("scope") or {"type": "default"}
    return f"{scope['type']}/{scope.get('chat_id', '')}/{params.get('language_code', '')}"


def commands_shown_to(server: TelegramServer, chat_id: int, language: str | None) -> list[Json]:
    """The first list that is set, in the order of https://core.telegram.org/bots/api#determining-list-of-commands."""
    for scope in (f"chat/{chat_id}", "all_private_chats/", "default/"):
        for code in (language or "", ""):
            if found := server.state.commands.get(f"{scope}/{code}"):
                return found
    return []


def set_chat_menu_button(server: TelegramServer, params: Json) -> bool:
    button = params.get("menu_button") or {"type": "default"}
    if button["type"] == "web_app":
        if not button["text"].strip():
            raise bad_request("menu button text must not be empty")
        check_web_app(button["web_app"]["url"], "menu button")
    chat_id = server.chat_open_to_bot(params["chat_id"]).id if "chat_id" in params else ""
    server.state.menu_buttons[str(chat_id)] = button
    server.changes.publish(0, {"type": "menu_button"})
    return True


def get_chat_menu_button(server: TelegramServer, params: Json) -> Json:
    chat_id = server.chat_open_to_bot(params["chat_id"]).id if "chat_id" in params else 0
    return menu_button_shown_to(server, chat_id)


def menu_button_shown_to(server: TelegramServer, chat_id: int) -> Json:
    buttons = server.state.menu_buttons
    for key in (str(chat_id), ""):
        if buttons.get(key, {"type": "default"})["type"] != "default":
            return buttons[key]
    return {"type": "commands"}


def setter(what: str) -> Callable[[TelegramServer, Json], bool]:
    def set_it(server: TelegramServer, params: Json) -> bool:
        text = params.get(what, "")
        if len(text) > MAX_LENGTHS[what]:
            raise bad_request(f"{what} is too long")
        server.state.profile[f"{what}/{params.get('language_code', '')}"] = text
        server.changes.publish(0, {"type": "profile"})
        return True

    return set_it


def getter(what: str) -> Callable[[TelegramServer, Json], Json]:
    def get_it(server: TelegramServer, params: Json) -> Json:
        return {what: profile_text(server, what, params.get("language_code", ""))}

    return get_it


def profile_text(server: TelegramServer, what: str, language: str | None) -> str:
    profile = server.state.profile
    return profile.get(f"{what}/{language or ''}") or profile.get(f"{what}/") or ""
