"""A person at the other end: what they do, as the updates it makes for the bot."""

import secrets
import time
from typing import Any

from local.simulator.entities import found_in
from local.simulator.init_data import signed_init_data
from local.simulator.messages import TEXT_LIMIT
from local.simulator.refusal import Json
from local.simulator.samples import SAMPLES, SampleKind
from local.simulator.state import Chat, Person
from local.simulator.telegram_server import TelegramServer


class User:
    def __init__(self, server: TelegramServer, person: Person) -> None:
        self._server = server
        self.person = person

    @property
    def id(self) -> int:
        return self.person.id

    def send_text(self, text: str, *, chat_id: int | None = None, reply_to: int | None = None) -> Json:
        """The message sent. A client never sends more than 4096 characters at once: ValueError."""
        if not 1 <= len(text.strip()) <= TEXT_LIMIT:
            raise ValueError(f"A message has 1 to {TEXT_LIMIT} characters")
        found = found_in(text.strip())
        return self._send({"text": text.strip()} | ({"entities": found} if found else {}), chat_id, reply_to)

    def send_sample(self, kind: SampleKind, *, caption: str | None = None, chat_id: int | None = None) -> Json:
        return self._send(SAMPLES[kind] | ({"caption": caption} if caption else {}), chat_id)

    def send_sticker(self) -> Json:
        return self.send_sample("sticker")

    def send_voice(self) -> Json:
        return self.send_sample("voice")

    def send_photo(self, caption: str | None = None) -> Json:
        return self.send_sample("photo", caption=caption)

    def send_document(self, caption: str | None = None) -> Json:
        return self.send_sample("document", caption=caption)

    def edit(self, message_id: int, text: str) -> Json:
        """Change a message of one's own. Raises KeyError if there is none such."""
        message = self._chat().message(message_id)
        if not message or message["from"]["id"] != self.id or "text" not in message:
            raise KeyError(f"No text of this person's own with id {message_id}")
        message["text"], message["edit_date"] = text.strip(), int(time.time())
        message.pop("entities", None)
        if found := found_in(message["text"]):
            message["entities"] = found
        self._server.changes.publish(self.id, {"type": "edited", "message": message})
        self._server.send_update("edited_message", message)
        return message

    def press(self, message_id: int, button: str | tuple[int, int]) -> str:
        """Press an inline button, named by its text or by row and column; the callback query's id."""
        message = self._chat().message(message_id)
        if not message:
            raise KeyError(f"No message {message_id} in this chat")
        data = _button(message, button).get("callback_data")
        if data is None:
            raise ValueError("Only a button with callback_data tells the bot that it was pressed")
        query = {
            "id": str(secrets.randbits(62)),
            "from": self.person.as_user(),
            "message": message,
            "chat_instance": str(self.id),
            "data": data,
        }
        self._server.callback_queries[query["id"]] = query
        self._server.send_update("callback_query", query)
        return str(query["id"])

    def block(self) -> None:
        self._block(blocked=True)

    def unblock(self) -> None:
        self._block(blocked=False)

    def init_data(self, start_param: str | None = None, auth_date: float | None = None) -> str:
        """What a Mini App opened by this person is given, signed with the bot's token."""
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

    def _send(self, content: Json, chat_id: int | None, reply_to: int | None = None) -> Json:
        """Writing to a bot one has blocked is how a client unblocks it."""
        chat = self._chat(chat_id)
        if chat.id == self.id:
            self.person.started = True
            self.unblock()
        original = chat.message(reply_to) if reply_to else None
        message = self._server.add_message(
            chat, self.person.as_user(), content | ({"reply_to_message": original} if original else {})
        )
        self._server.send_update("message", message)
        return message


def _button(message: Json, wanted: str | tuple[int, int]) -> Json:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    for row, buttons in enumerate(rows):
        for column, button in enumerate(buttons):
            if wanted in (button["text"], (row, column)):
                return dict(button)
    raise KeyError(f"No button {wanted!r} on message {message['message_id']}")
