"""Table changes in, Amplitude events out."""

from functools import cache
from typing import Any

from amplitude import BaseEvent
from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import StreamRecord

from functions.analytics import settings
from functions.analytics.amplitude_upload import Uploader
from functions.analytics.events import events_of
from troupe.observability import count, logger, observed


@cache
def _uploader() -> Uploader:
    return Uploader(settings.amplitude_api_key(), settings.amplitude_server_url)


@observed
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A batch of a table's stream. The first record with an event that did not arrive is reported by its number.

    The stream goes on from there, so later events are sent again: Amplitude drops what it knows by insert id.
    """
    changes = [record.dynamodb for record in DynamoDBStreamEvent(event).records]
    events = {change.sequence_number: _events(change) for change in changes if change is not None}
    settled = _uploader().upload([event for found in events.values() for event in found])
    for sequence_number, found in events.items():
        if any(event.insert_id not in settled for event in found):
            return {"batchItemFailures": [{"itemIdentifier": sequence_number}]}
    return {"batchItemFailures": []}


def _events(change: StreamRecord) -> list[BaseEvent]:
    """A row that can't be read would be no better another time, and would hold up everyone's events for a day."""
    try:
        return events_of(change.old_image or None, change.new_image or None)
    except (KeyError, TypeError, ValueError):
        count("EventsRefused")
        logger.exception("A changed row can't be read", extra={"sequence_number": change.sequence_number})
        return []
