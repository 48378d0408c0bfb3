"""A worker's HTTP request, classified: the service it goes to, the step of the turn it belongs to, and the chat."""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qs

# In the order in which a turn goes through them.
STEPS = (
    "store", "queue", "recall", "claim", "ask", "draft", "save", "send", "record", "deliver", "give_up", "close",
    "release", "hide", "delete", "upload", "reserve", "settle", "reserve_for_bot", "settle_for_bot",
)  # fmt: skip
# The step by the attribute that an UpdateItem of a turn sets. The first match counts: the first write to a turn that
# was not claimed sets `holder` too.
MARKS = {
    "answered_at": "save", "delivered_at": "deliver", "failed_at": "give_up", "reply_ids": "record", "status": "close",
    "attempts": "release", "holder": "claim",
}  # fmt: skip


@dataclass(frozen=True)
class WorkerRequest:
    """`chat` is the chat id, the pseudonym in a request to the model, or "" if the request names no chat."""

    service: str
    step: str
    chat: str = ""


def read_request(path: str, headers: Mapping[str, str], body: bytes) -> WorkerRequest:
    if path.startswith("/openai/"):
        fields = json.loads(body)
        return WorkerRequest("openai", "ask", str(fields.get("safety_identifier") or ""))
    if path.startswith("/amplitude/"):
        return WorkerRequest("amplitude", "upload")
    if path.startswith("/bot"):
        method = path.rpartition("/")[2]
        steps = {"sendMessage": "send", "sendMessageDraft": "draft"}
        return WorkerRequest("telegram", steps.get(method, method), parse_qs(body.decode()).get("chat_id", [""])[0])
    service, _, action = headers.get("X-Amz-Target", "").partition(".")
    fields = json.loads(body or b"{}")
    if service == "AmazonSQS":
        steps = {"SendMessage": "queue", "DeleteMessage": "delete", "ChangeMessageVisibilityBatch": "hide"}
        return WorkerRequest("sqs", steps.get(action, action), str(fields.get("MessageGroupId", "")))
    return _of_a_table(action, fields)


def _of_a_table(action: str, fields: Mapping[str, Any]) -> WorkerRequest:
    table = str(fields.get("TableName", "")).rpartition("-")[2]
    key = fields.get("Key") or fields.get("Item") or {}
    chat = str((key.get("chat_id") or key.get("user_id") or {}).get("N", ""))
    if table == "SpendingTable" and action in {"PutItem", "UpdateItem"}:
        return _of_the_ledger(key, str(fields.get("UpdateExpression", "")))
    if table != "TurnsTable":
        return WorkerRequest("dynamodb", f"{action} {table}", chat)
    if action == "UpdateItem":
        names = fields.get("ExpressionAttributeNames", {})
        set_ = {names[name] for name in re.findall(r"#\w+", fields.get("UpdateExpression", ""))}
        step = next((step for mark, step in MARKS.items() if mark in set_), "release")
        return WorkerRequest("dynamodb", step, chat)
    if action == "Query":
        values = fields.get("ExpressionAttributeValues", {})
        return WorkerRequest("dynamodb", "recall", next((value["N"] for value in values.values() if "N" in value), ""))
    return WorkerRequest("dynamodb", "store" if action == "PutItem" else "look", chat)


def _of_the_ledger(key: Mapping[str, Any], update: str) -> WorkerRequest:
    """A person's row without open bookings was written by a settlement; the bot's is updated by expressions."""
    account = str(key["account"]["S"])
    if account == "bot":
        return WorkerRequest("dynamodb", "settle_for_bot" if "DELETE" in update else "reserve_for_bot")
    is_open = key.get("open", {}).get("S", "{}") != "{}"
    return WorkerRequest("dynamodb", "reserve" if is_open else "settle", account.rpartition(":")[2])
