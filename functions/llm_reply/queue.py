"""What a worker tells the queue about its jobs while it works them.

None of it is needed for a job not to be lost, so a queue that can't be reached is logged and left alone: what was not
deleted is deleted with the batch, and what was not hidden comes back when the queue itself says.
"""

import math
from typing import Any

from functions.llm_reply import settings
from troupe import aws, tables
from troupe.observability import logger

Record = dict[str, Any]


def is_dead_letter(record: Record) -> bool:
    """True if it was received from the dead-letter queue."""
    return bool(_name(record["eventSourceARN"], ":") == _name(settings.dead_letter_queue_url, "/"))


def delete(records: list[Record]) -> None:
    entries = [{"Id": str(number), "ReceiptHandle": record["receiptHandle"]} for number, record in enumerate(records)]
    try:
        aws.client("sqs").delete_message_batch(QueueUrl=_url(records[0]), Entries=entries)
    except tables.ERRORS:
        logger.warning("Jobs that are done could not be deleted early")


def hide(records: list[Record], wait_s: float) -> None:
    """They come back after that, unless they are deleted; and in their chat, nothing else does before them."""
    entries = [
        {"Id": str(number), "ReceiptHandle": record["receiptHandle"], "VisibilityTimeout": math.ceil(wait_s)}
        for number, record in enumerate(records)
    ]
    try:
        aws.client("sqs").change_message_visibility_batch(QueueUrl=_url(records[0]), Entries=entries)
    except tables.ERRORS:
        logger.warning("Jobs could not be hidden as long as they should be")


def bury(record: Record) -> None:
    """Puts a copy on the dead-letter queue.

    :raises troupe.tables.ERRORS: it is not there
    """
    aws.client("sqs").send_message(
        QueueUrl=settings.dead_letter_queue_url,
        MessageBody=record["body"],
        MessageGroupId=record["attributes"]["MessageGroupId"],
        MessageDeduplicationId=record["messageId"],
    )


def _url(record: Record) -> str:
    return settings.dead_letter_queue_url if is_dead_letter(record) else settings.reply_queue_url


def _name(address: str, separator: str) -> str:
    return address.rpartition(separator)[2]
