"""Job in, answer out."""

import asyncio
import time
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext
from openai import AsyncOpenAI

from functions.llm_reply import settings
from functions.llm_reply.event_loop import run
from functions.llm_reply.jobs.answer import answer
from functions.llm_reply.jobs.controls import control
from functions.llm_reply.jobs.dead_letters import end_unread, look
from functions.llm_reply.jobs.greet import greet
from functions.llm_reply.jobs.summarize import summarize
from functions.llm_reply.llm.client import Model
from functions.llm_reply.queue_work import queue
from functions.llm_reply.queue_work.batch import Task, work_batch
from troupe import aws
from troupe.characters.character import Character
from troupe.conversations.conversation import Conversation
from troupe.conversations.jobs import AnswerJob, ControlJob, MalformedJobError, SummarizeJob, parse
from troupe.conversations.turns import Turn
from troupe.observability import correlate, count, logger, observed
from troupe.users import User

# The last of an invocation is kept for giving back what is not done.
MARGIN_S = 3

for table in (User, Character, Turn, Conversation):
    table.connect()
aws.client("sqs")


async def _openai_key() -> str:
    return await asyncio.to_thread(settings.openai_api_key)


client = AsyncOpenAI(api_key=_openai_key, base_url=settings.openai_base_url, max_retries=0)
# Half of what the client costs to load comes with its first use: it belongs to the start, not to the first person.
_ = client.responses
model = Model(client, settings.openai_model)


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An SQS batch; what stays on the queue is reported by its message ids (ReportBatchItemFailures).

    Or the clock's event, which has nothing in it: then the dead letters are looked at.
    """
    deadline = time.monotonic() + context.get_remaining_time_in_millis() / 1000 - MARGIN_S
    if event.get("source") == "aws.events":
        run(look(deadline))
        return {}
    left = run(work_batch(event["Records"], _work, deadline))
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in left]}


async def _work(task: Task) -> None:
    try:
        job = parse(task.record["body"])
    except MalformedJobError as error:
        count("JobsMalformed")
        logger.error("Malformed job", extra={"reason": str(error)})
        if not await end_unread(task):
            await asyncio.to_thread(queue.bury, task.record)
        return
    correlate(job.correlation_id)
    if isinstance(job, AnswerJob):
        await answer(job, task, model)
    elif isinstance(job, SummarizeJob):
        await summarize(job, task, model)
    elif isinstance(job, ControlJob):
        await control(job, task)
    else:
        await greet(job, task)
