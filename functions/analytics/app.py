"""Table changes in, Amplitude events out."""

from collections.abc import Callable
from functools import cache
from typing import Any

from amplitude import BaseEvent
from aws_lambda_powertools.utilities.data_classes import DynamoDBStreamEvent
from aws_lambda_powertools.utilities.data_classes.dynamo_db_stream_event import StreamRecord

from functions.analytics import settings
from functions.analytics.amplitude_upload import Uploader
from functions.analytics.events import Row, turn_events, user_events
from troupe import first_calls
from troupe.observability import count, logger, observed

first_calls.make(settings.read_secrets)


def _reader(stream_arn: str) -> Callable[[Row, Row], list[BaseEvent]]:
    """:param stream_arn: arn:aws:dynamodb:<region>:<account>:table/<table>/stream/<time>"""
    table = stream_arn.partition(":table/")[2].partition("/")[0]
    return {settings.users_table: user_events, settings.turns_table: turn_events}[table]


@cache
def _uploader() -> Uploader:
    return Uploader(settings.amplitude_api_key(), settings.amplitude_server_url)


@observed
def handler(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """A batch of a table's stream. The first record with an event that did not arrive is reported by its number.

    The stream goes on from there, so later events are sent again: Amplitude drops what it knows by insert id.
    """
    events = {
        record.dynamodb.sequence_number: _events(record.dynamodb, str(record.event_source_arn))
        for record in DynamoDBStreamEvent(event).records
        if record.dynamodb is not None
    }
    settled = _uploader().upload([event for found in events.values() for event in found])
    for sequence_number, found in events.items():
        if any(event.insert_id not in settled for event in found):
            return {"batchItemFailures": [{"itemIdentifier": sequence_number}]}
    return {"batchItemFailures": []}


def _events(change: StreamRecord, stream_arn: str) -> list[BaseEvent]:
    """None for a deleted row, and for a row that can't be read: the stream would repeat it for a day, in vain."""
    if not change.new_image:
        return []
    try:
        return _reader(stream_arn)(change.old_image or {}, change.new_image)
    except (KeyError, TypeError, ValueError):
        count("EventsRefused")
        logger.exception("A changed row can't be read", extra={"sequence_number": change.sequence_number})
        return []
