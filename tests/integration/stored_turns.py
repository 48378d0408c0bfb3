"""Turns that wait for an answer without a job, and batches that the reply function is handed."""

import json
from typing import Any

from local.simulator.refusal import Json
from local.stack import Stack
from tests.integration.guest import Guest
from troupe.clock import now_ms
from troupe.conversations import turn_edits
from troupe.conversations.turn import Turn


async def invoke(stack: Stack, *messages: Json, group: str | None = None, receives: int = 1) -> Any:
    """Jobs handed to the reply function as its mapping does, all of them in one batch."""
    function = next(f for f in stack.functions if f.function.logical_id == "LlmReplyFunction")
    return await function.invoke({"Records": [record(stack, message, group, receives) for message in messages]})


def record(stack: Stack, message: Json, group: str | None = None, receives: int = 1) -> Json:
    job = {
        "version": 2,
        "kind": "answer",
        "person_id": message["from"]["id"],
        "chat_id": message["chat"]["id"],
        "message_id": message["message_id"],
    }
    return {
        "messageId": f"{job['chat_id']}/{job['message_id']}",
        "receiptHandle": "of a message that only the test knows",
        "body": message.get("body") or json.dumps(job | {"update_id": 1}),
        "attributes": {
            "MessageGroupId": group or str(job["chat_id"]),
            "ApproximateReceiveCount": str(receives),
            "SentTimestamp": str(now_ms()),
        },
        "eventSourceARN": stack.names["ReplyQueue.Arn"],
    }


def stored(guest: Guest, text: str, character: str = "mario") -> Json:
    """A turn that waits for an answer, with no job."""
    message = guest.unsent(text)
    turn = Turn(
        guest.id, message["message_id"], person_id=guest.id, update_id=1, sent_s=message["date"], received_at=now_ms()
    )
    turn.text, turn.character_id, turn.conversation_id = text, character, f"{guest.id}:0:{character}:0"
    turn_edits.receive(turn)
    return message
