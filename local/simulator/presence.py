"""The bot's short-lived signs: chat actions, drafts, and answers to pressed buttons."""

import time

from local.simulator.messages import formatted
from local.simulator.refusal import Json, bad_request
from local.simulator.telegram_server import TelegramServer
from local.simulator.topics import check_topic

ACTION_SECONDS = 5
DRAFT_SECONDS = 30
MAX_ANSWER = 200
ACTIONS = frozenset(
    [
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    ]
)


def send_chat_action(server: TelegramServer, params: Json) -> bool:
    chat = server.chat_open_to_bot(params["chat_id"])
    check_topic(chat, params.get("message_thread_id"))
    if params["action"] not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    server.actions[chat.id] = (params["action"], time.time() + ACTION_SECONDS)
    server.changes.publish(chat.id, {"type": "action", "action": params["action"], "seconds": ACTION_SECONDS})
    return True


def send_message_draft(server: TelegramServer, params: Json) -> bool:
    """Telegram shows an empty text as "Thinking". After the person has stopped a draft, nothing more of it is shown."""
    chat = server.chat_open_to_bot(params["chat_id"])
    if chat.id not in server.state.people:
        raise bad_request("TEXTDRAFT_PEER_INVALID")
    if params["draft_id"] == 0:
        raise bad_request("draft_id must be non-zero")
    check_topic(chat, params.get("message_thread_id"))
    text, found = formatted(params)
    shown, _ = server.drafts.get(chat.id, ({}, 0.0))
    if shown.get("stopped") == params["draft_id"]:
        return True
    stopping = {name: params.get(name, False) for name in ("can_stop", "keep_on_stop")}
    draft: Json = {"draft_id": params["draft_id"], "text": text, "entities": found, **stopping}
    server.drafts[chat.id] = (draft, time.time() + DRAFT_SECONDS)
    server.changes.publish(chat.id, {"type": "draft", "draft": draft, "seconds": DRAFT_SECONDS})
    return True


def answer_callback_query(server: TelegramServer, params: Json) -> bool:
    query = server.callback_queries.pop(params["callback_query_id"], None)
    if query is None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if len(params.get("text", "")) > MAX_ANSWER:
        raise bad_request("MESSAGE_TOO_LONG")
    answer = {name: params[name] for name in ("text", "show_alert", "url") if name in params}
    event = {"type": "callback_answer", "query_id": query["id"], "answer": answer}
    server.changes.publish(query["from"]["id"], event)
    return True
