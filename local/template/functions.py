"""Reads AWS::Serverless::Function, with the defaults from Globals."""

from local.template.events import read_events
from local.template.properties import Properties
from local.template.records import Function, Route


def read_function(
    own: Properties, defaults: Properties, routes: tuple[Route, ...], tables: frozenset[str], queues: frozenset[str]
) -> Function:
    """:param routes: routes to this function that are resources of their own, not events"""
    both = Properties(own.place, {**defaults.values, **own.values})
    variables = {
        name: value
        for properties in (defaults, own)
        for name, value in properties.section("Environment").section("Variables").values.items()
    }
    handler = both.text("Handler")
    if "." not in handler:
        raise both.wrong("Handler", "module.function")
    events = read_events(both.section("Events"), tables, queues)
    return Function(
        logical_id=own.place,
        handler=handler,
        timeout=both.number("Timeout", 3),
        memory=both.number("MemorySize", 128),
        environment=variables,
        routes=events.routes + routes,
        queue_mappings=events.queue_mappings,
        stream_mappings=events.stream_mappings,
        schedules=events.schedules,
    )
