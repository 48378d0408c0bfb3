"""Turns that wait for an answer without a job, and batches that the reply function is handed."""

from typing import Any

from local.simulator.refusal import Json
from local.stack import Stack
from tests.integration.guest import Guest
from troupe.clock import now_ms
from troupe.conversations import turn_intake
from troupe.conversations.jobs.answering import AnswerJob
from troupe.conversations.jobs.kinds import Job
from troupe.conversations.jobs.queue import to_json
from troupe.conversations.turn import Turn


async def invoke(stack: Stack, *messages: Json, group: str | None = None, receives: int = 1) -> Any:
    """The jobs to answer these messages, handed to the reply function in one batch."""
    return await hand_over(stack, *(record(stack, message, group, receives) for message in messages))


async def hand_over(stack: Stack, *records: Json) -> Any:
    """Jobs handed to the reply function as its mapping does, all of them in one batch."""
    function = next(f for f in stack.functions if f.function.logical_id == "LlmReplyFunction")
    return await function.invoke({"Records": list(records)})


def record(stack: Stack, message: Json, group: str | None = None, receives: int = 1) -> Json:
    job = AnswerJob(person_id=message["from"]["id"], chat_id=message["chat"]["id"], message_id=message["message_id"])
    return job_record(stack, job, group, receives) | {"messageId": f"{job.chat_id}/{job.message_id}"}


def job_record(stack: Stack, job: Job, group: str | None = None, receives: int = 1) -> Json:
    """A queue message as Lambda hands it out."""
    return {
        "messageId": f"{job.kind}/{job.group}",
        "receiptHandle": "of a message that only the test knows",
        "body": to_json(job),
        "attributes": {
            "MessageGroupId": group or job.group,
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
    turn_intake.receive(turn)
    return message
