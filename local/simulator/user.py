"""A person in Telegram: each action changes the chat and makes the update that Telegram would send to the bot."""

import secrets
import time

from local.simulator.entities import found_in
from local.simulator.refusal import Json
from local.simulator.topics import TopicError
from local.simulator.user_messages import UserMessages


class User(UserMessages):
    def move_live_location(self, message_id: int, latitude: float, longitude: float) -> Json:
        """Telegram sends an edited_message for each position, every few seconds."""
        message = self._own(message_id, "location")
        message["location"] = message["location"] | {"latitude": latitude, "longitude": longitude}
        return self._edited(message)

    def stop_live_location(self, message_id: int) -> Json:
        message = self._own(message_id, "location")
        message["location"] = {name: message["location"][name] for name in ("latitude", "longitude")}
        return self._edited(message)

    def edit(self, message_id: int, text: str) -> Json:
        """Changes the text or caption of an own message.

        :raises KeyError: the person has no such message
        """
        message = self._own(message_id, "text", "caption")
        name, entities = ("text", "entities") if "text" in message else ("caption", "caption_entities")
        message[name] = text.strip()
        message.pop(entities, None)
        if found := found_in(message[name]):
            message[entities] = found
        return self._edited(message)

    def edit_nothing(self, message_id: int) -> Json:
        """Makes the edited_message that Telegram sends when only a reaction or a link preview has changed."""
        message = self._own(message_id)
        self._server.send_update("edited_message", message)
        return message

    def age_messages(self, seconds: int) -> None:
        """Moves the dates of all messages in the chat into the past."""
        for message in self._chat().messages:
            message["date"] -= seconds

    def close_topic(self, topic: int, error: TopicError = "TOPIC_CLOSED") -> None:
        """From now on, a call that names this topic is refused with this error."""
        self._chat().topics[str(topic)] = error

    def press(self, message_id: int, button: str | tuple[int, int], *, nulls: bool = False) -> str:
        """Presses an inline button, named by its text or by (row, column). Returns the callback query's id."""
        message = self._message(message_id)
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
        self._server.send_update("callback_query", query, nulls=nulls)
        return str(query["id"])

    def stop_generation(self) -> None:
        """Presses the button on the draft that the bot is showing.

        :raises KeyError: there is no draft, or it has no such button
        """
        draft, lapses = self._server.drafts.get(self.id, ({}, 0.0))
        if lapses < time.time() or not draft.get("can_stop"):
            raise KeyError("No draft that can be stopped")
        left = draft | {"can_stop": False, "stopped": draft["draft_id"]}
        self._server.drafts[self.id] = (left, lapses)
        seconds = lapses - time.time() if draft["keep_on_stop"] else 0
        self._server.changes.publish(self.id, {"type": "draft", "draft": left, "seconds": seconds})
        stopped = {"chat": self.person.as_chat(), "draft_id": draft["draft_id"]}
        self._server.send_update("stopped_message_generation", stopped)

    def _own(self, message_id: int, *any_of: str) -> Json:
        """:raises KeyError: not the person's own message, or it has none of these fields"""
        message = self._chat().message(message_id)
        if not message or message["from"]["id"] != self.id or (any_of and not any(name in message for name in any_of)):
            raise KeyError(f"No {' or '.join(any_of) or 'message'} of this person's own with id {message_id}")
        return message

    def _edited(self, message: Json) -> Json:
        message["edit_date"] = int(time.time())
        self._server.changes.publish(self.id, {"type": "edited", "message": message})
        self._server.send_update("edited_message", message)
        return message


def _button(message: Json, wanted: str | tuple[int, int]) -> Json:
    rows = message.get("reply_markup", {}).get("inline_keyboard", [])
    for row, buttons in enumerate(rows):
        for column, button in enumerate(buttons):
            if wanted in (button["text"], (row, column)):
                return dict(button)
    raise KeyError(f"No button {wanted!r} on message {message['message_id']}")
