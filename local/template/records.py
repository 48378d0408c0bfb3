"""The parts of a template as records. A logical id is the key under Resources."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from local.template.intrinsics import Scope


@dataclass(frozen=True)
class Table:
    logical_id: str
    name: str
    definition: Mapping[str, Any]
    """Keys, attributes, indexes and stream, as CreateTable takes them."""
    ttl_attribute: str | None


@dataclass(frozen=True)
class Queue:
    logical_id: str
    name: str
    fifo: bool
    attributes: Mapping[str, str]
    """Without RedrivePolicy: the dead-letter queue has no ARN yet."""
    dead_letter_queue: str | None
    """Logical id."""
    max_receive_count: int


@dataclass(frozen=True)
class Route:
    method: str
    path: str


@dataclass(frozen=True)
class QueueMapping:
    queue: str
    """Logical id."""
    batch_size: int
    reports_batch_item_failures: bool
    maximum_concurrency: int | None


@dataclass(frozen=True)
class StreamMapping:
    table: str
    """Logical id."""
    batch_size: int
    starting_position: Literal["TRIM_HORIZON", "LATEST"]
    reports_batch_item_failures: bool
    bisects_on_error: bool
    maximum_retry_attempts: int
    """-1: retries until the record is too old."""
    maximum_record_age_seconds: int
    """-1: as long as the stream keeps the record, 24 hours."""
    on_failure_queue: str | None
    """Logical id of the queue that gets a notice about discarded records."""


@dataclass(frozen=True)
class Schedule:
    name: str
    """The event's key under Events."""
    every_seconds: int


@dataclass(frozen=True)
class Function:
    logical_id: str
    handler: str
    timeout: int
    """Seconds."""
    memory: int
    """MB."""
    environment: Mapping[str, Any]
    """References to resources are not yet resolved."""
    routes: tuple[Route, ...]
    queue_mappings: tuple[QueueMapping, ...]
    stream_mappings: tuple[StreamMapping, ...]
    schedules: tuple[Schedule, ...] = ()


@dataclass(frozen=True)
class Template:
    tables: tuple[Table, ...]
    queues: tuple[Queue, ...]
    functions: tuple[Function, ...]
    scope: Scope
    """Parameters and conditions, to evaluate the functions' environment once the resources exist."""
