"""A function's events: routes, queue mappings, stream mappings and schedules. Defaults are Lambda's."""

import re
from dataclasses import dataclass
from typing import Literal

from local.template.properties import Properties
from local.template.records import QueueMapping, Route, Schedule, StreamMapping
from publishing.template_file import TemplateError

UNIT_SECONDS = {"minute": 60, "hour": 3600, "day": 86400}


@dataclass(frozen=True)
class Events:
    routes: tuple[Route, ...]
    queue_mappings: tuple[QueueMapping, ...]
    stream_mappings: tuple[StreamMapping, ...]
    schedules: tuple[Schedule, ...]


def read_events(events: Properties, tables: frozenset[str], queues: frozenset[str]) -> Events:
    """:raises TemplateError: names the event, its kind or its property"""
    routes: list[Route] = []
    from_queues: list[QueueMapping] = []
    from_streams: list[StreamMapping] = []
    schedules: list[Schedule] = []
    for name in events.values:
        event = events.section(name)
        properties = event.section("Properties")
        match event.text("Type"):
            case "HttpApi":
                routes.append(Route(properties.text("Method", "ANY").upper(), properties.text("Path", "$default")))
            case "SQS" if properties.flag("Enabled", default=True):
                from_queues.append(_queue_mapping(properties, queues))
            case "DynamoDB" if properties.flag("Enabled", default=True):
                from_streams.append(_stream_mapping(properties, tables, queues))
            case "Schedule" if properties.flag("Enabled", default=True):
                schedules.append(Schedule(name, _every_seconds(properties)))
            case "SQS" | "DynamoDB" | "Schedule":
                pass
            case other:
                raise TemplateError(f"{event.place}: events of type {other} do not run here")
    return Events(tuple(routes), tuple(from_queues), tuple(from_streams), tuple(schedules))


def _every_seconds(properties: Properties) -> int:
    """Reads rate(...); cron(...) and at(...) are not supported here."""
    if "Input" in properties.values:
        raise TemplateError(f"{properties.place}: Input of a schedule does not run here")
    rate = re.fullmatch(r"rate\(([1-9][0-9]*) (minute|hour|day)s?\)", properties.text("Schedule"))
    if rate is None:
        raise properties.wrong("Schedule", "rate(<number> minutes, hours or days)")
    return int(rate[1]) * UNIT_SECONDS[rate[2]]


def _queue_mapping(properties: Properties, queues: frozenset[str]) -> QueueMapping:
    _refuse_filters(properties)
    scaling = properties.section("ScalingConfig")
    return QueueMapping(
        queue=properties.attribute_of("Queue", "Arn", queues),
        batch_size=properties.number("BatchSize", 10),
        reports_batch_item_failures=_reports_failures(properties),
        maximum_concurrency=scaling.number("MaximumConcurrency") if scaling.values else None,
    )


def _stream_mapping(properties: Properties, tables: frozenset[str], queues: frozenset[str]) -> StreamMapping:
    _refuse_filters(properties)
    on_failure = properties.section("DestinationConfig").section("OnFailure")
    return StreamMapping(
        table=properties.attribute_of("Stream", "StreamArn", tables),
        batch_size=properties.number("BatchSize", 100),
        starting_position=_starting_position(properties),
        reports_batch_item_failures=_reports_failures(properties),
        bisects_on_error=properties.flag("BisectBatchOnFunctionError"),
        maximum_retry_attempts=properties.number("MaximumRetryAttempts", -1),
        maximum_record_age_seconds=properties.number("MaximumRecordAgeInSeconds", -1),
        on_failure_queue=on_failure.attribute_of("Destination", "Arn", queues) if on_failure.values else None,
    )


def _refuse_filters(properties: Properties) -> None:
    if "FilterCriteria" in properties.values:
        raise TemplateError(f"{properties.place}: FilterCriteria is not supported here")


def _reports_failures(properties: Properties) -> bool:
    return "ReportBatchItemFailures" in properties.items("FunctionResponseTypes")


def _starting_position(properties: Properties) -> Literal["TRIM_HORIZON", "LATEST"]:
    match properties.text("StartingPosition"):
        case "TRIM_HORIZON":
            return "TRIM_HORIZON"
        case "LATEST":
            return "LATEST"
    raise properties.wrong("StartingPosition", "TRIM_HORIZON or LATEST")
