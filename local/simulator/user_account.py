"""A person's account: identity, chats, block and unblock of the bot, and init data."""

import time
from typing import Any

from local.simulator.init_data import signed_init_data
from local.simulator.refusal import Json
from local.simulator.state import Chat, Person
from local.simulator.telegram_server import TelegramServer


class UserAccount:
    def __init__(self, server: TelegramServer, person: Person) -> None:
        self._server = server
        self.person = person

    @property
    def id(self) -> int:
        return self.person.id

    def block(self) -> None:
        self._block(blocked=True)

    def unblock(self) -> None:
        self._block(blocked=False)

    def forbid_voice(self, *, forbidden: bool = True) -> None:
        """Privacy and Security > Voice Messages, in Telegram's settings. The bot is not told."""
        self.person.forbids_voice = forbidden
        self._server.changes.publish(self.id, {"type": "voice_setting", "forbidden": forbidden})

    def init_data(self, start_param: str | None = None, auth_date: float | None = None) -> str:
        """The init data of a Mini App opened by this person, signed with the bot's token."""
        return signed_init_data(self.person, self._server.token, start_param, auth_date)

    def _block(self, *, blocked: bool) -> None:
        if self.person.blocked == blocked:
            return
        self.person.blocked = blocked
        was, now = ("member", "kicked") if blocked else ("kicked", "member")
        change = {
            "chat": self.person.as_chat(),
            "from": self.person.as_user(),
            "date": int(time.time()),
            "old_chat_member": self._membership(was),
            "new_chat_member": self._membership(now),
        }
        self._server.send_update("my_chat_member", change)
        self._server.changes.publish(self.id, {"type": "blocked", "blocked": blocked})

    def _membership(self, status: str) -> Json:
        until: dict[str, Any] = {"until_date": 0} if status == "kicked" else {}
        return {"user": self._server.bot_user(), "status": status} | until

    def _chat(self, chat_id: int | None = None) -> Chat:
        return self._server.state.chats[self.id if chat_id is None else chat_id]

    def _message(self, message_id: int) -> Json:
        message = self._chat().message(message_id)
        if not message:
            raise KeyError(f"No message {message_id} in this chat")
        return message
