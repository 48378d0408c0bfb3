"""What template.yaml declares, as far as it can run on one machine: tables, queues, functions and their events."""

from local.template.intrinsics import Scope, TemplateError
from local.template.reading import read_template
from local.template.records import Function, Queue, QueueMapping, Route, Schedule, StreamMapping, Table, Template

__all__ = [
    "Function",
    "Queue",
    "QueueMapping",
    "Route",
    "Schedule",
    "Scope",
    "StreamMapping",
    "Table",
    "Template",
    "TemplateError",
    "read_template",
]
