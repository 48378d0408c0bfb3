"""Telegram's Update, read as narrowly as the webhook needs it (https://core.telegram.org/bots/api#update)."""

from dataclasses import dataclass
from typing import Any

from troupe.users import Person

# What Telegram says on its own behalf. Nobody wrote it, so nobody waits for an answer.
SERVICE = {
    "pinned_message", "message_auto_delete_timer_changed", "write_access_allowed", "web_app_data", "users_shared",
    "chat_shared", "forum_topic_created", "forum_topic_edited", "forum_topic_closed", "forum_topic_reopened",
    "general_forum_topic_hidden", "general_forum_topic_unhidden", "boost_added", "chat_background_set",
    "connected_website", "proximity_alert_triggered", "giveaway_created", "giveaway", "giveaway_winners",
    "giveaway_completed", "video_chat_scheduled", "video_chat_started", "video_chat_ended",
    "video_chat_participants_invited", "successful_payment", "refunded_payment", "gift", "unique_gift",
    "gift_upgrade_sent", "paid_message_price_changed", "new_chat_title", "new_chat_photo", "delete_chat_photo",
    "migrate_to_chat_id", "migrate_from_chat_id", "new_chat_members", "left_chat_member",
}  # fmt: skip
# In this order: an animation also carries a document.
CONTENT = (
    "sticker", "voice", "photo", "video_note", "video", "animation", "audio", "document", "contact", "venue",
    "location", "poll", "dice", "game", "story", "checklist", "invoice", "paid_media",
)  # fmt: skip


class MalformedUpdateError(ValueError):
    """Not an Update as the Bot API documents it."""


@dataclass(frozen=True)
class Message:
    update_id: int
    chat_id: int
    message_id: int
    thread_id: int | None
    person: Person
    sent_s: int
    kind: str
    text: str


@dataclass(frozen=True)
class EditedMessage:
    message: Message


@dataclass(frozen=True)
class ButtonPress:
    """`data` is the callback data of the button; empty for a button without any.

    `message_id` is the message that carries it; 0 where Telegram does not name it. Without a message the chat is taken
    for the person's private one.
    """

    update_id: int
    callback_id: str
    person: Person
    chat_id: int
    data: str
    message_id: int
    thread_id: int | None


@dataclass(frozen=True)
class MembershipChange:
    """The person blocked the bot in their private chat, or let it in again."""

    person: Person
    blocked: bool


@dataclass(frozen=True)
class Ignored:
    reason: str


Update = Message | EditedMessage | ButtonPress | MembershipChange | Ignored


def parse(payload: Any) -> Update:
    """:raises MalformedUpdateError: a field that is needed is missing or of another type"""
    if not isinstance(payload, dict):
        raise MalformedUpdateError("not an object")
    update_id = _integer(payload, "update_id")
    if "message" in payload:
        return _message(_object(payload, "message"), update_id)
    if "edited_message" in payload:
        edited = _message(_object(payload, "edited_message"), update_id)
        return EditedMessage(edited) if isinstance(edited, Message) else edited
    if "callback_query" in payload:
        return _press(_object(payload, "callback_query"), update_id)
    if "my_chat_member" in payload:
        return _membership(_object(payload, "my_chat_member"))
    return Ignored("kind")


def _message(fields: dict[str, Any], update_id: int) -> Message | Ignored:
    chat = _object(fields, "chat")
    if _text(chat, "type") != "private":
        return Ignored("not private")
    if fields.keys() & SERVICE:
        return Ignored("service message")
    sender = _object(fields, "from")
    if sender.get("is_bot"):
        return Ignored("bot")
    kind = "text" if "text" in fields else next((kind for kind in CONTENT if kind in fields), "other")
    words = "text" if kind == "text" else "caption"
    return Message(
        update_id=update_id,
        chat_id=_integer(chat, "id"),
        message_id=_integer(fields, "message_id"),
        thread_id=_integer(fields, "message_thread_id") if fields.get("is_topic_message") else None,
        person=_person(sender),
        sent_s=_integer(fields, "date"),
        kind=kind,
        text=_text(fields, words) if words in fields else "",
    )


def _press(fields: dict[str, Any], update_id: int) -> ButtonPress:
    under = fields.get("message")
    message = under if isinstance(under, dict) else {}
    person = _person(_object(fields, "from"))
    return ButtonPress(
        update_id=update_id,
        callback_id=_text(fields, "id"),
        person=person,
        chat_id=_integer(_object(message, "chat"), "id") if "chat" in message else person.user_id,
        data=_optional(fields, "data") or "",
        message_id=_integer(message, "message_id") if "message_id" in message else 0,
        thread_id=_integer(message, "message_thread_id") if message.get("is_topic_message") else None,
    )


def _membership(fields: dict[str, Any]) -> MembershipChange | Ignored:
    if _text(_object(fields, "chat"), "type") != "private":
        return Ignored("not private")
    status = _text(_object(fields, "new_chat_member"), "status")
    return MembershipChange(_person(_object(fields, "from")), blocked=status in {"kicked", "left"})


def _person(fields: dict[str, Any]) -> Person:
    return Person(
        user_id=_integer(fields, "id"),
        first_name=_text(fields, "first_name"),
        last_name=_optional(fields, "last_name"),
        username=_optional(fields, "username"),
        language=_optional(fields, "language_code"),
    )


def _object(fields: dict[str, Any], name: str) -> dict[str, Any]:
    value = fields.get(name)
    if not isinstance(value, dict):
        raise MalformedUpdateError(f"{name} is not an object")
    return value


def _integer(fields: dict[str, Any], name: str) -> int:
    """Telegram's ids have at most 52 significant bits; a bool is not a number here."""
    value = fields.get(name)
    if not isinstance(value, int) or isinstance(value, bool) or abs(value) >= 1 << 53:
        raise MalformedUpdateError(f"{name} is not an integer")
    return value


def _text(fields: dict[str, Any], name: str) -> str:
    value = fields.get(name)
    if not isinstance(value, str):
        raise MalformedUpdateError(f"{name} is not a string")
    # JSON can carry half of a surrogate pair, and nothing downstream can encode it.
    return value.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _optional(fields: dict[str, Any], name: str) -> str | None:
    return _text(fields, name) or None if name in fields else None
