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

# As many as SQS hands out at once.
MAX_MESSAGES = 10
# Seconds. A receive that does not wait at all asks only some of SQS's servers, and may find nothing where something is.
LOOK_S = 1


def dead_letters(hidden_s: float) -> list[Record]:
    """Some of the dead-letter queue's messages, as Lambda would hand them out. Nobody else gets them for so long.

    :raises troupe.tables.ERRORS: it is not there
    """
    found = aws.client("sqs").receive_message(
        QueueUrl=settings.dead_letter_queue_url,
        MaxNumberOfMessages=MAX_MESSAGES,
        WaitTimeSeconds=LOOK_S,
        VisibilityTimeout=math.ceil(hidden_s),
        MessageSystemAttributeNames=["ApproximateReceiveCount", "MessageGroupId", "SentTimestamp"],
    )
    return [
        {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "queueUrl": settings.dead_letter_queue_url,
        }
        for message in found.get("Messages", [])
    ]


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
    """Of the queue it was received from: Lambda's poller receives from one only."""
    return str(record.get("queueUrl", settings.reply_queue_url))
