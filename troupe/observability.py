"""Logs and metrics, on stdout as CloudWatch reads them.

Metrics are lines of the log too (CloudWatch's embedded metric format), and a turn's line carries the keys that the
log queries of monitoring.yaml ask for: the update, the person, the character.

Nothing private is logged: `troupe.pseudonym` stands for the person; texts and tokens are left out.
"""

import contextvars
import logging
import resource
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import Any

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit

Answer = dict[str, Any]
Handler = Callable[[dict[str, Any], Any], Answer]

logger = Logger()
_metrics: contextvars.ContextVar[EphemeralMetrics] = contextvars.ContextVar("metrics")
# Not empty once the process has written a line of metrics.
_lines: list[bool] = []

# At INFO and DEBUG, libraries log request addresses (Telegram's contain the bot token), headers and bodies. This drops
# those lines for every logger, whatever level Lambda, OPENAI_LOG or a library sets. Our own lines are WARNING or above.
logging.disable(logging.INFO)


def observed(handler: Handler) -> Handler:
    """Gives each invocation its own metrics and log keys.

    Powertools keeps them per process, and on a laptop one process runs many invocations at once.
    """

    def measured(event: dict[str, Any], context: Any) -> Answer:
        with measuring():
            return handler(event, context)

    @wraps(handler)
    def run(event: dict[str, Any], context: Any) -> Answer:
        return contextvars.copy_context().run(measured, event, context)

    return run


@contextmanager
def measuring() -> Iterator[None]:
    """Writes the metrics counted inside the block as one line at its end, if there are any."""
    metrics = EphemeralMetrics()
    token = _metrics.set(metrics)
    try:
        yield
    finally:
        _metrics.reset(token)
        if metrics.metric_set:
            for name, fact in _of_the_process().items():
                metrics.add_metadata(name, fact)
            metrics.flush_metrics()


def _of_the_process() -> dict[str, float]:
    """Peak memory so far, in MB; and on the process's first line, the CPU seconds of its cold start.

    Lambda's own report has both, in three lines for each invocation.
    """
    used = resource.getrusage(resource.RUSAGE_SELF)
    facts: dict[str, float] = {"peak_mb": round(used.ru_maxrss / (2**20 if sys.platform == "darwin" else 2**10))}
    if not _lines:
        _lines.append(True)
        return facts | {"cold_start": round(used.ru_utime + used.ru_stime, 2)}
    return facts


def count(name: str, value: float = 1, **kind: str) -> None:
    """:param kind: one more dimension, on a line of its own. Each of its values is a metric that CloudWatch bills."""
    if not kind:
        _metrics.get().add_metric(name=name, unit=MetricUnit.Count, value=value)
        return
    both = EphemeralMetrics(metadata_set=dict(_metrics.get().metadata_set))
    both.add_metric(name=name, unit=MetricUnit.Count, value=value)
    both.add_dimensions(service=str(both.service), **kind)
    both.flush_metrics()


def record_ms(name: str, milliseconds: float) -> None:
    _metrics.get().add_metric(name=name, unit=MetricUnit.Milliseconds, value=milliseconds)


def spent(name: str, dollars: float) -> None:
    # CloudWatch has no unit for money.
    _metrics.get().add_metric(name=name, unit="None", value=dollars)


def correlate(correlation_id: str) -> None:
    """Adds the id of the update, or of the picker's request, to every line of this invocation, metrics included."""
    logger.thread_safe_append_keys(correlation_id=correlation_id)
    describe(correlation_id=correlation_id)


def describe(**facts: str) -> None:
    """Adds keys for log queries to the line of the metrics, without making them dimensions."""
    for name, fact in facts.items():
        _metrics.get().add_metadata(name, fact)
