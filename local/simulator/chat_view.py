"""The snapshot from which the chat page shows one person's chat."""

import time

from local.simulator.profile import commands_shown_to, menu_button_shown_to, profile_text
from local.simulator.refusal import Json
from local.simulator.state import Person
from local.simulator.telegram_server import TelegramServer


def snapshot(server: TelegramServer, person: Person) -> Json:
    """`unread` holds the ids of the messages that the bot has not taken yet."""
    language = person.language_code
    unread = [
        message["message_id"]
        for pending in server.state.pending
        if (message := pending.update.get("message")) and message["chat"]["id"] == person.id
    ]
    draft, lapses = server.drafts.get(person.id, (None, 0.0))
    action, ends = server.actions.get(person.id, (None, 0.0))
    now = time.time()
    return {
        "type": "snapshot",
        "person": vars(person),
        "people": [vars(each) for each in server.state.people.values()],
        "bot": {
            "id": server.bot_id,
            "username": server.bot_username,
            "name": profile_text(server, "name", language) or server.bot_name,
            "description": profile_text(server, "description", language),
            "commands": commands_shown_to(server, person.id, language),
            "menu_button": menu_button_shown_to(server, person.id),
        },
        "messages": server.state.chats[person.id].messages,
        "unread": unread,
        "draft": {"draft": draft, "seconds": lapses - now} if lapses > now else None,
        "action": {"action": action, "seconds": ends - now} if ends > now else None,
    }
