"""Jobs that come twice, and the calls of the model that they lead to."""

import time

from local.simulator.refusal import Json
from tests.integration.guest import Guest
from troupe.conversations.jobs.answering import AnswerJob
from troupe.conversations.jobs.queue import enqueue


def calls_for(guest: Guest, text: str) -> int:
    return sum(call.said == text for call in guest.stack.model.calls)


def requeue(message: Json) -> None:
    """The same job again, past the five minutes for which the queue would know it."""
    job = AnswerJob(person_id=message["from"]["id"], chat_id=message["chat"]["id"], message_id=message["message_id"])
    enqueue(job, f"again:{time.time_ns()}")


async def settled(guest: Guest) -> None:
    """Everything that is on the chat's queue is done: a last message went through it."""
    count = len(guest.received())
    guest.write("And that is all")
    await guest.hears(count + 1)
