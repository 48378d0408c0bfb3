"""Reads and writes card files, in a function of its own: a file that breaks it keeps only its sender waiting."""

import asyncio
from typing import Any

from functions.card_files import settings
from functions.card_files.export_card import export_card
from functions.card_files.read_card import read_card, refuse
from functions.card_files.telegram_files import TelegramError
from troupe import aws, tables
from troupe.characters.card_refusal import CardRefusedError
from troupe.characters.character import Character
from troupe.conversations.jobs.characters import ExportCardJob, ReadCardJob
from troupe.conversations.jobs.kinds import Job
from troupe.conversations.jobs.parsing import MalformedJobError, parse
from troupe.observability import correlate, count, logger, observed

# The sender of a file that has killed or broken this many invocations gets an apology.
MAX_TRIES = 3

Character.connect()
aws.client("sqs")


@observed
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """An SQS batch of one job, so that a file has all of the memory.

    Returns the id of the message if it must come back (ReportBatchItemFailures).
    """
    (record,) = event["Records"]
    if _is_done(record["body"], int(record["attributes"]["ApproximateReceiveCount"])):
        return {"batchItemFailures": []}
    return {"batchItemFailures": [{"itemIdentifier": record["messageId"]}]}


def _is_done(body: str, tries: int) -> bool:
    try:
        job = parse(body)
    except MalformedJobError as error:
        # SQS moves it to the dead-letter queue, for the operator.
        count("JobsMalformed")
        logger.error("Malformed job", extra={"reason": str(error)})
        return False
    correlate(job.correlation_id)
    try:
        if tries > MAX_TRIES:
            _apologise(job)
            return True
        settings.read_secrets()
        asyncio.run(_work(job))
    except (TelegramError, *tables.ERRORS):
        logger.exception("Telegram, a table or a queue can't be reached")
    except Exception:  # noqa: BLE001 - whatever a file breaks, its sender is told after MAX_TRIES
        count("JobsBroken")
        logger.exception("A card file broke its job")
    else:
        return True
    return False


async def _work(job: Job) -> None:
    match job:
        case ReadCardJob():
            await read_card(job)
        case ExportCardJob():
            await export_card(job)
        case _:
            raise TypeError(f"{job.kind} is no job of this queue")


def _apologise(job: Job) -> None:
    count("CardsLost")
    if isinstance(job, ReadCardJob | ExportCardJob):
        refuse(job, CardRefusedError("lost"))
