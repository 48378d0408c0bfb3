"""The stack's time limits and concurrency: short enough for a test, and longer where the machine is slow."""

import math
from dataclasses import dataclass, replace

from local.template import Function, Template

# Seconds on an idle machine; a busy one gets more, see World.stretched.
# REPLY_S is the reply function's timeout: an answer, a message, and 3 s kept for giving jobs back.
MODEL_S, TELEGRAM_S, REPLY_S = 6, 3, 13


@dataclass(frozen=True)
class Pace:
    """`workers` is the number of the reply function's worker processes; `batch_size` is jobs per invocation."""

    workers: int = 6
    batch_size: int = 10


def stretched(seconds: float, slow: float) -> int:
    return math.ceil(seconds * slow)


def visibility_s(slow: float) -> int:
    return stretched(REPLY_S, slow) + 4


def with_short_timeouts(template: Template, pace: Pace, slow: float) -> Template:
    """The same resources with shorter timeouts, so that a dead worker's jobs come back in seconds, not minutes."""
    reply_s = stretched(REPLY_S, slow)
    queues = tuple(
        replace(queue, attributes={**queue.attributes, "VisibilityTimeout": str(visibility_s(slow))})
        if queue.fifo
        else queue
        for queue in template.queues
    )
    functions = tuple(
        replace(
            function,
            timeout=reply_s if function.queue_mappings else stretched(function.timeout, slow),
            queue_mappings=tuple(
                replace(mapping, batch_size=pace.batch_size, maximum_concurrency=pace.workers)
                for mapping in function.queue_mappings
            ),
        )
        for function in template.functions
    )
    return replace(template, queues=queues, functions=functions)


def max_concurrency(function: Function, pace: Pace) -> int:
    return pace.workers + len(function.schedules) if function.queue_mappings else 4
