"""The bot's messages: sendMessage and the like, edits and deletes."""

import time

from local.simulator import entities as ranges
from local.simulator.files import bots_photo, unique_id
from local.simulator.keyboards import check_reply_markup
from local.simulator.references import reply_to
from local.simulator.refusal import Json, Refused, bad_request
from local.simulator.state import Chat
from local.simulator.telegram_server import TelegramServer
from local.simulator.topics import check_topic, topic_fields

MAX_TEXT = 4096
MAX_CAPTION = 1024
MAX_DELETED = 100
MAX_AGE_TO_DELETE = 48 * 3600  # seconds: https://core.telegram.org/bots/api#deletemessage


def formatted(params: Json, name: str = "text", *, limit: int = MAX_TEXT) -> tuple[str, list[Json]]:
    """Text and entities as Telegram stores them. The limit counts code points."""
    text, given = params.get(name, ""), params.get("entities" if name == "text" else "caption_entities")
    if params.get("parse_mode"):
        raise Refused(501, "Not Implemented: the simulator does not support parse_mode: send entities")
    ranges.check(text, given or [])
    text, given = ranges.trimmed(text, given or [])
    if len(text) > limit:
        raise bad_request("message is too long" if name == "text" else "message caption is too long")
    return text, ranges.found_in(text, given)


def written(params: Json) -> Json:
    text, found = formatted(params)
    if not text:
        raise bad_request("message text is empty")
    return {"text": text} | ({"entities": found} if found else {})


def send_message(server: TelegramServer, params: Json) -> Json:
    return post(server, params, written(params))


def send_photo(server: TelegramServer, params: Json) -> Json:
    # Before the picture, whose faults have errors of their own.
    check_topic(server.chat_open_to_bot(params["chat_id"]), params.get("message_thread_id"))
    return post(server, params, {"photo": bots_photo(server.state, params["photo"])} | captioned(params))


def send_document(server: TelegramServer, params: Json) -> Json:
    file_id = params["document"]
    kept = server.state.files.get(file_id, {})
    document = {"file_id": file_id, "file_unique_id": unique_id(file_id), "file_name": kept.get("file_name", "file")}
    if kept:
        document["file_size"] = len(kept["hex"]) // 2
    return post(server, params, {"document": document} | captioned(params))


def captioned(params: Json) -> Json:
    text, found = formatted(params, "caption", limit=MAX_CAPTION)
    return ({"caption": text} if text else {}) | ({"caption_entities": found} if found else {})


def post(server: TelegramServer, params: Json, content: Json) -> Json:
    chat = server.chat_open_to_bot(params["chat_id"])
    check_reply_markup(params.get("reply_markup"), private=chat.id in server.state.people)
    topic = params.get("message_thread_id")
    check_topic(chat, topic)
    fields = content | topic_fields(topic) | replied(chat, params)
    if "inline_keyboard" in params.get("reply_markup", {}):
        fields["reply_markup"] = params["reply_markup"]
    server.clear_presence(chat.id)
    return server.add_message(chat, server.bot_user(), fields)


def replied(chat: Chat, params: Json) -> Json:
    reply = params.get("reply_parameters") or {
        "message_id": params.get("reply_to_message_id"),
        "allow_sending_without_reply": params.get("allow_sending_without_reply"),
    }
    if reply["message_id"] is None:
        return {}
    original = chat.message(reply["message_id"])
    if original:
        return reply_to(original)
    if reply.get("allow_sending_without_reply"):
        return {}
    raise bad_request("message to be replied not found")


def own_message(server: TelegramServer, params: Json) -> Json:
    if "chat_id" not in params or "message_id" not in params:
        raise bad_request("message identifier is not specified")
    message = server.chat_open_to_bot(params["chat_id"]).message(params["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message["from"]["id"] != server.bot_id:
        raise bad_request("message can't be edited")
    return message


def edit_message_text(server: TelegramServer, params: Json) -> Json:
    message = own_message(server, params)
    if "text" not in message:
        raise bad_request("there is no text in the message to edit")
    return change(server, message, written(params) | keyboard(params))


def edit_message_reply_markup(server: TelegramServer, params: Json) -> Json:
    message = own_message(server, params)
    kept = {name: message[name] for name in ("text", "entities") if name in message}
    return change(server, message, kept | keyboard(params))


def keyboard(params: Json) -> Json:
    """An edit without reply_markup removes the buttons."""
    check_reply_markup(params.get("reply_markup"), private=True)
    rows = (params.get("reply_markup") or {}).get("inline_keyboard")
    return {"reply_markup": params["reply_markup"]} if rows else {}


def change(server: TelegramServer, message: Json, fields: Json) -> Json:
    before = {name: message[name] for name in ("text", "entities", "reply_markup") if name in message}
    if before == fields:
        raise bad_request(
            "message is not modified: specified new message content and reply markup are exactly the same as a"
            " current content and reply markup of the message"
        )
    for name in before:
        del message[name]
    message |= fields
    # Telegram sets edit_date for a new text, not for new buttons.
    if before.get("text") != fields.get("text") or before.get("entities") != fields.get("entities"):
        message["edit_date"] = int(time.time())
    server.changes.publish(message["chat"]["id"], {"type": "edited", "message": message})
    return message


def delete_message(server: TelegramServer, params: Json) -> bool:
    chat = server.chat_open_to_bot(params["chat_id"])
    if not chat.message(params["message_id"]):
        raise bad_request("message to delete not found")
    return _delete(server, chat, [params["message_id"]])


def delete_messages(server: TelegramServer, params: Json) -> bool:
    if not 1 <= len(params["message_ids"]) <= MAX_DELETED:
        raise bad_request("message identifiers are not specified, or too many of them")
    return _delete(server, server.chat_open_to_bot(params["chat_id"]), params["message_ids"])


def _delete(server: TelegramServer, chat: Chat, message_ids: list[int]) -> bool:
    """Skips ids without a message. Refuses the whole call if one message can't be deleted, as TDLib does."""
    oldest = time.time() - MAX_AGE_TO_DELETE
    if any(each["date"] < oldest for each in chat.messages if each["message_id"] in message_ids):
        raise bad_request("message can't be deleted for everyone")
    chat.messages[:] = [each for each in chat.messages if each["message_id"] not in message_ids]
    server.changes.publish(chat.id, {"type": "deleted", "message_ids": message_ids})
    return True
