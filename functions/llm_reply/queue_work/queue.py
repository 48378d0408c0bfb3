"""Deletes and hides jobs while their batch is being worked, and reads the dead-letter queue.

A failure to delete or hide loses no job, so it is only logged: Lambda deletes finished jobs when the batch returns,
and a job that was not hidden comes back after the queue's own visibility timeout.
"""

import math
from typing import Any

from functions.llm_reply import settings
from troupe import aws, tables
from troupe.observability import logger

Record = dict[str, Any]

# SQS returns at most this many messages in one request.
MAX_MESSAGES = 10
# Seconds. With a wait of 0 SQS asks only some of its servers, and may miss messages.
LOOK_S = 1


def dead_letters(hidden_s: float) -> list[Record]:
    """Up to ten dead letters in the form of Lambda's SQS records, hidden from other readers for `hidden_s` seconds.

    :raises troupe.tables.ERRORS: the queue can't be reached
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
    """Hides them for `wait_s` seconds, and with them every later job of their message group."""
    hide_each([(record, wait_s) for record in records])


def hide_each(waits: list[tuple[Record, float]]) -> None:
    """Hides each record for its own number of seconds, with one request for all."""
    entries = [
        {"Id": str(number), "ReceiptHandle": record["receiptHandle"], "VisibilityTimeout": math.ceil(wait_s)}
        for number, (record, wait_s) in enumerate(waits)
    ]
    try:
        aws.client("sqs").change_message_visibility_batch(QueueUrl=_url(waits[0][0]), Entries=entries)
    except tables.ERRORS:
        logger.warning("Jobs could not be hidden as long as they should be")


def bury(record: Record) -> None:
    """Puts a copy on the dead-letter queue.

    :raises troupe.tables.ERRORS: the queue can't be reached
    """
    aws.client("sqs").send_message(
        QueueUrl=settings.dead_letter_queue_url,
        MessageBody=record["body"],
        MessageGroupId=record["attributes"]["MessageGroupId"],
        MessageDeduplicationId=record["messageId"],
    )


def _url(record: Record) -> str:
    """The queue that the record was received from. Lambda's own records come from the reply queue and do not say so."""
    return str(record.get("queueUrl", settings.reply_queue_url))
