"""Reads template.yaml: the tables, queues, functions and events that can run on one machine."""

from local.template.intrinsics import Scope
from local.template.reading import read_template
from local.template.records import Function, Queue, QueueMapping, Route, Schedule, StreamMapping, Table, Template
from publishing.template_file import TemplateError

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
