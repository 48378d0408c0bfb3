"""Dead letters, and the clock that has the reply function look for them: here it strikes when a test says so."""

import json
import time
from collections.abc import Mapping
from typing import Any

from local.emulator import ROOT
from local.simulator.refusal import Json
from local.stack import Stack
from local.template import Function
from troupe.conversations.jobs.kinds import Job
from troupe.conversations.jobs.queue import to_json

STRIKE = json.loads((ROOT / "events" / "reply_look.json").read_text(encoding="utf-8"))


def bury(stack: Stack, group: object, job: Job | Json) -> None:
    stack.aws.sqs.send_message(
        QueueUrl=stack.names["DeadReplyQueue"],
        MessageBody=json.dumps(job) if isinstance(job, dict) else to_json(job),
        MessageGroupId=str(group),
        MessageDeduplicationId=str(time.time_ns()),
    )


def unseen(stack: Stack) -> int:
    """Dead letters that the next look would find."""
    return int(_attributes(stack)["ApproximateNumberOfMessages"])


def held(stack: Stack) -> int:
    """Those that are hidden from it."""
    return int(_attributes(stack)["ApproximateNumberOfMessagesNotVisible"])


def _attributes(stack: Stack) -> Mapping[Any, str]:
    return stack.aws.sqs.get_queue_attributes(QueueUrl=stack.names["DeadReplyQueue"], AttributeNames=["All"])[
        "Attributes"
    ]


async def look(stack: Stack) -> None:
    (function,) = (each for each in stack.functions if each.function.logical_id == "LlmReplyFunction")
    await function.invoke(STRIKE)


def reply_function(stack: Stack) -> Function:
    """As template.yaml declares it."""
    (function,) = (each.function for each in stack.functions if each.function.logical_id == "LlmReplyFunction")
    return function
