"""A function's events: the routes that lead to it, the queues and streams it is fed from. Defaults are Lambda's."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from local.event_patterns import check_pattern
from local.template.intrinsics import TemplateError
from local.template.properties import Properties
from local.template.records import QueueMapping, Route, StreamMapping


@dataclass(frozen=True)
class Events:
    routes: tuple[Route, ...]
    queue_mappings: tuple[QueueMapping, ...]
    stream_mappings: tuple[StreamMapping, ...]


def read_events(events: Properties, tables: frozenset[str], queues: frozenset[str]) -> Events:
    """:raises TemplateError: names the event, its kind or its property"""
    routes: list[Route] = []
    from_queues: list[QueueMapping] = []
    from_streams: list[StreamMapping] = []
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
            case "SQS" | "DynamoDB":
                pass
            case other:
                raise TemplateError(f"{event.place}: events of type {other} do not run here")
    return Events(tuple(routes), tuple(from_queues), tuple(from_streams))


def _queue_mapping(properties: Properties, queues: frozenset[str]) -> QueueMapping:
    if "FilterCriteria" in properties.values:
        raise TemplateError(f"{properties.place}: FilterCriteria on a queue do not run here")
    scaling = properties.section("ScalingConfig")
    return QueueMapping(
        queue=properties.attribute_of("Queue", "Arn", queues),
        batch_size=properties.number("BatchSize", 10),
        reports_batch_item_failures=_reports_failures(properties),
        maximum_concurrency=scaling.number("MaximumConcurrency") if scaling.values else None,
    )


def _stream_mapping(properties: Properties, tables: frozenset[str], queues: frozenset[str]) -> StreamMapping:
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
        filters=_filters(properties),
    )


def _reports_failures(properties: Properties) -> bool:
    return "ReportBatchItemFailures" in properties.items("FunctionResponseTypes")


def _starting_position(properties: Properties) -> Literal["TRIM_HORIZON", "LATEST"]:
    match properties.text("StartingPosition"):
        case "TRIM_HORIZON":
            return "TRIM_HORIZON"
        case "LATEST":
            return "LATEST"
    raise properties.wrong("StartingPosition", "TRIM_HORIZON or LATEST")


def _filters(properties: Properties) -> tuple[Mapping[str, Any], ...]:
    criteria = properties.section("FilterCriteria")
    patterns: list[Mapping[str, Any]] = []
    for number, entry in enumerate(criteria.items("Filters")):
        try:
            pattern = json.loads(entry["Pattern"])
        except (KeyError, TypeError, ValueError):
            raise TemplateError(f"{criteria.place}: filter {number} has no Pattern in JSON") from None
        try:
            check_pattern(pattern)
        except ValueError as error:
            raise TemplateError(f"{criteria.place}: filter {number}: {error}") from None
        patterns.append(pattern)
    return tuple(patterns)
