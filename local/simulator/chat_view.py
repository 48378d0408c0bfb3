"""All that a chat page has to know to show one person's chat."""

import time

from local.simulator.cloud import Cloud
from local.simulator.profile import commands_shown_to, menu_button_shown_to, profile_text
from local.simulator.refusal import Json
from local.simulator.state import Person


def snapshot(cloud: Cloud, person: Person) -> Json:
    """`unread` are the ids of messages the bot hasn't taken yet."""
    language = person.language_code
    unread = [
        message["message_id"]
        for pending in cloud.state.pending
        if (message := pending.update.get("message")) and message["chat"]["id"] == person.id
    ]
    draft, lapses = cloud.drafts.get(person.id, (None, 0.0))
    action, ends = cloud.actions.get(person.id, (None, 0.0))
    now = time.time()
    return {
        "type": "snapshot",
        "person": vars(person),
        "people": [vars(each) for each in cloud.state.people.values()],
        "bot": {
            "id": cloud.bot_id,
            "username": cloud.bot_username,
            "name": profile_text(cloud, "name", language) or cloud.bot_name,
            "description": profile_text(cloud, "description", language),
            "commands": commands_shown_to(cloud, person.id, language),
            "menu_button": menu_button_shown_to(cloud, person.id),
        },
        "messages": cloud.state.chats[person.id].messages,
        "unread": unread,
        "draft": {"draft": draft, "seconds": lapses - now} if lapses > now else None,
        "action": {"action": action, "seconds": ends - now} if ends > now else None,
    }
