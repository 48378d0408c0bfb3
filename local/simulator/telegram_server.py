"""Telegram's server: chats, messages, and the updates for the bot."""

import re
import time
from copy import deepcopy
from dataclasses import dataclass, field

from local.simulator.changes import Changes
from local.simulator.nulls import with_nulls
from local.simulator.refusal import Json, Refused, bad_request
from local.simulator.state import Chat, Pending, Person, State

TOKEN = re.compile(r"(?P<bot_id>[1-9]\d{0,15}):[A-Za-z0-9_-]+")
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})


@dataclass
class TelegramServer:
    """`drafts` and `actions` last seconds and are not saved. They map a chat id to (value, Unix time of the end)."""

    token: str
    bot_username: str
    bot_name: str
    state: State = field(default_factory=State)
    changes: Changes = field(default_factory=Changes)
    drafts: dict[int, tuple[Json, float]] = field(default_factory=dict)
    actions: dict[int, tuple[str, float]] = field(default_factory=dict)
    callback_queries: dict[str, Json] = field(default_factory=dict)

    def __post_init__(self) -> None:
        if not TOKEN.fullmatch(self.token):
            raise ValueError("A bot token looks like 123456:ABC-DEF")

    @property
    def bot_id(self) -> int:
        return int(self.token.partition(":")[0])

    def bot_user(self) -> Json:
        name = self.state.profile.get("name/") or self.bot_name
        return {"id": self.bot_id, "is_bot": True, "first_name": name, "username": self.bot_username}

    def chat_as_json(self, chat: Chat) -> Json:
        if person := self.state.people.get(chat.id):
            return person.as_chat()
        return {"id": chat.id, "type": "supergroup", "title": chat.title}

    def chat_open_to_bot(self, chat_id: object) -> Chat:
        """:raises Refused: no such chat, or the bot can't write to it"""
        try:
            chat = self.state.chats[int(str(chat_id))]
        except (ValueError, KeyError):
            raise bad_request("chat not found") from None
        person = self.state.people.get(chat.id)
        if person and person.blocked:
            raise Refused(403, "Forbidden: bot was blocked by the user")
        if person and not person.started:
            raise Refused(403, "Forbidden: bot can't initiate conversation with a user")
        return chat

    def add_person(self, person: Person) -> Person:
        """Returns the one record with this id, with the given names, and `blocked` and `started` as they were."""
        known = self.state.people.setdefault(person.id, person)
        for name in ("first_name", "last_name", "username", "language_code"):
            setattr(known, name, getattr(person, name))
        known.started = known.started or person.started
        self.state.chats.setdefault(person.id, Chat(person.id))
        return known

    def add_message(self, chat: Chat, author: Json, fields: Json) -> Json:
        chat.last_message_id += 1
        message = {
            "message_id": chat.last_message_id,
            "from": author,
            "chat": self.chat_as_json(chat),
            "date": int(time.time()),
        } | fields
        chat.messages.append(message)
        self.changes.publish(chat.id, {"type": "message", "message": message})
        return message

    def send_update(self, kind: str, payload: Json, *, nulls: bool = False) -> None:
        """Delivers `{kind: payload}`, unless the bot's allowed_updates leave out that kind."""
        update = {"update_id": self.state.next_update_id, kind: deepcopy(payload)}
        self.state.next_update_id += 1
        allowed = self.state.allowed_updates
        if kind in allowed or (not allowed and kind not in NOT_BY_DEFAULT):
            self.inject(with_nulls(update) if nulls else update)

    def inject(self, update: Json) -> None:
        """Delivers this update as it is, even if it was delivered before."""
        self.state.pending.append(Pending(update, time.time()))
        self.changes.publish(0, {"type": "update"})

    def settle(self, pending: Pending) -> None:
        """Removes an update that the bot has taken, or that has expired."""
        update = pending.update
        self.state.pending = [each for each in self.state.pending if each is not pending]
        message = update.get("message") or update.get("edited_message")
        if message:
            self.changes.publish(message["chat"]["id"], {"type": "read", "message_id": message["message_id"]})
        self.changes.publish(0, {"type": "settled", "update_id": update.get("update_id")})

    def clear_presence(self, chat_id: int) -> None:
        """A message of the bot ends its "typing" and its draft."""
        self.drafts.pop(chat_id, None)
        self.actions.pop(chat_id, None)
