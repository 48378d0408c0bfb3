"""Puts a job on its queue."""

import json
import os
from dataclasses import asdict
from typing import TYPE_CHECKING

from troupe import aws

if TYPE_CHECKING:
    from troupe.conversations.jobs.kinds import Job

VERSION = 2
# Telegram's ids have at most 52 significant bits.
MAX_ID = (1 << 53) - 1


def enqueue(job: "Job", deduplication_id: str) -> None:
    """SQS takes equal ids within five minutes for one job. Later repeats are caught by the turn's status."""
    aws.client("sqs").send_message(
        QueueUrl=os.environ[job.queue],
        MessageBody=to_json(job),
        MessageGroupId=job.group,
        MessageDeduplicationId=deduplication_id,
    )


def to_json(job: "Job") -> str:
    return json.dumps({"version": VERSION, "kind": job.kind, **asdict(job)})
