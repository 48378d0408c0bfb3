"""Job in, answer out."""

import asyncio
from functools import partial
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from functions.llm_reply import settings
from functions.llm_reply.clients import client, http, images, model, models, speaker, speech_client
from functions.llm_reply.dispatch import run_job
from functions.llm_reply.event_loop import run
from functions.llm_reply.jobs.scheduled.dead_letters import end_broken, end_unread, look
from functions.llm_reply.jobs.scheduled.model_shutdown import warn_of_shutdown
from functions.llm_reply.jobs.scheduled.updates_overdue import count_overdue_updates
from functions.llm_reply.messaging import bot_client
from functions.llm_reply.queue_work import queue
from functions.llm_reply.queue_work.batch import Task, work_batch
from functions.llm_reply.queue_work.hiding import postpone
from troupe import aws, first_calls, tables
from troupe.broadcasts import Broadcast
from troupe.characters.character import Character
from troupe.clock import monotonic_s
from troupe.conversations.conversation import Conversation
from troupe.conversations.jobs.parsing import MalformedJobError, parse
from troupe.conversations.turn import Turn
from troupe.invitations import Invitation
from troupe.memories.memory_part import MemoryPart
from troupe.model_state import ModelState
from troupe.observability import correlate, count, logger, observed, record_ms
from troupe.spending.days import BotDay, PersonDay
from troupe.users import User

# Seconds kept at the end of an invocation for handing the unfinished jobs back to the queue.
MARGIN_S = 3

for table in (User, Character, Turn, Conversation, MemoryPart, Invitation, Broadcast, ModelState, PersonDay, BotDay):
    table.connect()
aws.client("sqs")


async def _connect() -> None:
    """Opens connections to Telegram and to the model's server. Their answers do not matter."""
    reached = bot_client.reach(), http.get(settings.openai_base_url, timeout=first_calls.MAX_WAIT_S)
    await asyncio.gather(*reached, return_exceptions=True)


first_calls.make(bot_client.bot, lambda: run(_connect()), partial(Turn.find, 0, 0), first_calls.reach_queue)


@observed
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """An SQS batch, or the schedule's event, which has no content: then the function looks for overdue updates, dead
    letters and, once a day, the models' shutdown dates.

    Returns the message ids of the jobs that stay on the queue (ReportBatchItemFailures).
    """
    deadline = monotonic_s() + context.get_remaining_time_in_millis() / 1000 - MARGIN_S
    if event.get("source") == "aws.events":
        run(look(deadline, model))
        run(count_overdue_updates())
        others = (client, images.model, images.is_on), (speech_client, speaker.model, speaker.is_on)
        run(warn_of_shutdown([*models, *((server, name) for server, name, is_on in others if is_on)]))
        return {}
    try:
        settings.read_secrets()
    except tables.ERRORS:
        logger.exception("The secrets can't be read; the batch stays on the queue")
        left = run(postpone(event["Records"]))
    else:
        left = run(work_batch(event["Records"], _work, end_broken, deadline))
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
    if task.receive_count == 1:
        record_ms("QueueWait", task.age_s * 1000)
    await run_job(job, task)
