"""Makes the summary and the facts of an imported chat's newest part, from its oldest turn on, a step at a time.

A summary reads as much as a prompt holds. So each step is a job of its own, which queues the next one.
"""

from dataclasses import replace

from functions.llm_reply import settings
from functions.llm_reply.prompting.history import PAGE
from troupe.conversations import turn_reads
from troupe.conversations.jobs.queue import enqueue
from troupe.conversations.jobs.remembering import SummarizeJob
from troupe.tokens import tokens

# Tokens of the newest turns that are summed up. Older ones are only recalled: a summary of 20 MB would cost a dollar.
MAX_TOKENS = 24_000
# The share of HISTORY_TOKENS that a step reads. The next step reads the newest part of it again.
STEP = 1.5


def beginning(chat_id: int, ids: range) -> int:
    """The id before the first turn that is summed up.

    :param ids: of the chat's turns
    """
    left = MAX_TOKENS
    for turn in turn_reads.newest_first(chat_id, PAGE, before=ids[-1] + 1):
        left -= tokens(turn.text) + tokens(turn.answer or "")
        if left < 0:
            return int(turn.message_id)
        if turn.message_id <= ids[0]:
            break
    return ids[0] - 1


def queue_step(job: SummarizeJob) -> None:
    """:param job: names the conversation, where the step begins, and in `until_id` the chat's last turn"""
    if job.until_id is None:
        return
    left, through = STEP * settings.history_tokens, job.summarised_through
    coming = turn_reads.of_conversation(
        job.chat_id, job.conversation_id, after=job.summarised_through, through=job.until_id
    )
    for turn in coming:
        left -= tokens(turn.text) + tokens(turn.answer or "")
        if left < 0 and through != job.summarised_through:
            break
        through = int(turn.message_id)
    step = replace(job, through_id=through)
    enqueue(step, f"summarize:{job.conversation_id}:{job.summarised_through}:{job.until_id}")
