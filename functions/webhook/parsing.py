"""Telegram's Update, read as narrowly as the webhook needs it (https://core.telegram.org/bots/api#update)."""

from typing import Any

from functions.webhook.fields import (
    Fields,
    MalformedUpdateError,
    an_object,
    integer,
    optional_object,
    optional_text,
    text,
    without_nulls,
)  # fmt: skip
from functions.webhook.pictures import picture_in
from functions.webhook.quotes import quote_in
from functions.webhook.update import (
    ButtonPress,
    Document,
    EditedMessage,
    GenerationStopped,
    Ignored,
    MembershipChange,
    Message,
    Sound,
    Update,
)
from troupe.conversations.turn_states import SOUNDS
from troupe.unicode import is_blank
from troupe.users import Person

# Kinds of messages other than words, in Bot API 10.3. In this order: an animation also carries a document. A message
# with none of them is a service message (a pinned message, a new topic) of this or a later version: nobody wrote it, so
# nobody waits for an answer.
CONTENT = (
    "sticker", "voice", "live_photo", "photo", "video_note", "video", "animation", "audio", "document", "contact",
    "venue", "location", "poll", "dice", "game", "story", "checklist", "invoice", "paid_media", "rich_message",
    "giveaway", "giveaway_winners",
)  # fmt: skip


def parse(payload: Any) -> Update:
    """:raises MalformedUpdateError: a field that is needed is missing or of another type"""
    if not isinstance(payload, dict):
        raise MalformedUpdateError("not an object")
    try:
        payload = without_nulls(payload)
    except RecursionError as error:
        raise MalformedUpdateError("too deep") from error
    update_id = integer(payload, "update_id")
    if "message" in payload:
        return _message(an_object(payload, "message"), update_id)
    if "edited_message" in payload:
        edited = _message(an_object(payload, "edited_message"), update_id)
        return EditedMessage(edited) if isinstance(edited, Message) else edited
    if "callback_query" in payload:
        return _press(an_object(payload, "callback_query"), update_id)
    if "stopped_message_generation" in payload:
        return _stopped(an_object(payload, "stopped_message_generation"))
    if "my_chat_member" in payload:
        return _membership(an_object(payload, "my_chat_member"))
    return Ignored("kind")


def _message(fields: Fields, update_id: int) -> Message | Ignored:
    chat = an_object(fields, "chat")
    if text(chat, "type") != "private":
        return Ignored("not private")
    kind = next((kind for kind in ("text", *CONTENT) if kind in fields), None)
    if kind is None:
        return Ignored("service message")
    sender = an_object(fields, "from")
    if sender.get("is_bot"):
        return Ignored("bot")
    quote = quote_in(fields, kind)
    words = "" if quote and quote.is_forward else (optional_text(fields, "text" if kind == "text" else "caption") or "")
    return Message(
        update_id=update_id,
        chat_id=integer(chat, "id"),
        message_id=integer(fields, "message_id"),
        thread_id=integer(fields, "message_thread_id") if fields.get("is_topic_message") else None,
        person=_person(sender),
        sent_s=integer(fields, "date"),
        kind=kind,
        text=words,
        quote=quote,
        media_group_id=optional_text(fields, "media_group_id"),
        document=_document(optional_object(fields, "document")) if kind == "document" else None,
        sound=_sound(an_object(fields, kind)) if kind in SOUNDS and not (quote and quote.is_forward) else None,
        picture=picture_in(fields, kind),
        about_id=_about(optional_object(fields, "reply_to_message")),
    )


def _document(fields: Fields) -> Document | None:
    """None if the file can't be fetched: the message counts as one without words."""
    file_id, unique_id = optional_text(fields, "file_id"), optional_text(fields, "file_unique_id")
    size = integer(fields, "file_size") if "file_size" in fields else None
    return Document(file_id, unique_id, size) if file_id and unique_id else None


def _sound(fields: Fields) -> Sound | None:
    """None if the file can't be fetched: the message counts as one without words."""
    file_id = optional_text(fields, "file_id")
    size = integer(fields, "file_size") if "file_size" in fields else None
    seconds = integer(fields, "duration") if "duration" in fields else 0
    return Sound(file_id, size, seconds, optional_text(fields, "file_name")) if file_id else None


def _about(replied_to: Fields) -> int | None:
    """Never raises. Telegram leaves the author out if they hide their account in forwarded messages."""
    author = optional_object(optional_object(replied_to, "forward_origin"), "sender_user").get("id")
    found = author or optional_object(replied_to, "contact").get("user_id")
    return found if isinstance(found, int) and 0 < found < 1 << 53 else None


def _press(fields: Fields, update_id: int) -> ButtonPress:
    message = optional_object(fields, "message")
    person = _person(an_object(fields, "from"))
    return ButtonPress(
        update_id=update_id,
        callback_id=text(fields, "id"),
        person=person,
        chat_id=integer(an_object(message, "chat"), "id") if "chat" in message else person.user_id,
        data=optional_text(fields, "data") or "",
        message_id=integer(message, "message_id") if "message_id" in message else 0,
        thread_id=integer(message, "message_thread_id") if message.get("is_topic_message") else None,
    )


def _stopped(fields: Fields) -> GenerationStopped:
    return GenerationStopped(integer(an_object(fields, "chat"), "id"), integer(fields, "draft_id"))


def _membership(fields: Fields) -> MembershipChange | Ignored:
    if text(an_object(fields, "chat"), "type") != "private":
        return Ignored("not private")
    status = text(an_object(fields, "new_chat_member"), "status")
    return MembershipChange(_person(an_object(fields, "from")), blocked=status in {"kicked", "left"})


def _person(fields: Fields) -> Person:
    name = optional_text(fields, "first_name") or ""
    return Person(
        user_id=integer(fields, "id"),
        first_name="" if is_blank(name) else name,
        last_name=optional_text(fields, "last_name"),
        username=optional_text(fields, "username"),
        language=optional_text(fields, "language_code"),
    )
