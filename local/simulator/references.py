"""The parts of a message that refer to another one: reply, quote, external reply and forward origin."""

import time

from local.simulator.entities import utf16_length
from local.simulator.refusal import Json


def reply_to(original: Json) -> Json:
    """`reply_to_message` of the Bot API holds no further `reply_to_message`."""
    return {"reply_to_message": {name: value for name, value in original.items() if name != "reply_to_message"}}


def quote_of(original: Json, text: str) -> Json:
    """:raises ValueError: the text is not part of the original"""
    words = original.get("text") or original.get("caption") or ""
    at = words.find(text)
    if not text or at < 0:
        raise ValueError(f"{text!r} is not part of message {original['message_id']}")
    return {"quote": {"text": text, "position": utf16_length(words[:at]), "is_manual": True}}


def from_user(user: Json, date: int | None = None) -> Json:
    """:param user: a Bot API `User`"""
    return {"type": "user", "date": date or int(time.time()), "sender_user": user}


def from_hidden_user(name: str) -> Json:
    """A person whose privacy settings hide the account in forwards."""
    return {"type": "hidden_user", "date": int(time.time()), "sender_user_name": name}


def from_channel(title: str, *, channel_id: int = -1_001_000_000_001, message_id: int = 1) -> Json:
    chat = {"id": channel_id, "type": "channel", "title": title}
    return {"type": "channel", "date": int(time.time()), "chat": chat, "message_id": message_id}
