"""The event source mappings of queues and streams, and the schedules, which invoke the functions."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterable, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

from local.aws import Aws
from local.invocation import LocalFunction
from local.mappings.checkpoints import Checkpoints
from local.mappings.on_failure import OnFailure
from local.mappings.polling import Calls
from local.mappings.schedule import MAX_WAIT_SECONDS, Timer
from local.mappings.sqs import QueuePoller
from local.mappings.stream import StreamPoller
from local.template import TemplateError

__all__ = ["MAX_WAIT_SECONDS", "running_mappings"]

logger = logging.getLogger(__name__)

SECONDS_TO_STOP = 5.0
CALLS_PER_POLLER = 4


@asynccontextmanager
async def running_mappings(
    functions: Iterable[LocalFunction],
    names: Mapping[str, str],
    aws: Aws,
    checkpoints: Path | None = None,
    seconds_to_stop: float = SECONDS_TO_STOP,
    *,
    max_wait_seconds: float = MAX_WAIT_SECONDS,
) -> AsyncIterator[None]:
    """Polls the functions' queues and streams, and runs their schedules.

    At the end the pollers read no more, and finish the invocations in flight. An invocation that takes longer than
    `seconds_to_stop` is abandoned; the next run delivers its records again if the data is kept.

    :param names: the result of create_resources
    :param checkpoints: file for the positions in the streams
    :param max_wait_seconds: the longest time between two invocations of a schedule; shortens the template's rates
    """
    functions = list(functions)
    sources = sum(len(f.function.queue_mappings) + len(f.function.stream_mappings) for f in functions)
    calls = Calls(threads=CALLS_PER_POLLER * max(sources, 1))
    pollers: list[QueuePoller | StreamPoller | Timer] = [
        *_pollers(functions, names, aws, calls, Checkpoints(checkpoints)),
        *(Timer(schedule, each, max_wait_seconds) for each in functions for schedule in each.function.schedules),
    ]
    tasks = [asyncio.create_task(poller.run()) for poller in pollers]
    for task in tasks:
        task.add_done_callback(_report_defect)
    try:
        yield
    finally:
        for poller in pollers:
            poller.stop()
        await _finished(tasks, seconds_to_stop)
        calls.close()


async def _finished(tasks: "Sequence[asyncio.Task[None]]", seconds_to_stop: float) -> None:
    """Waits for invocations in flight, and abandons those that take longer."""
    if not tasks:
        return
    _, late = await asyncio.wait(tasks, timeout=seconds_to_stop)
    if late:
        logger.warning("%d mappings still had invocations in flight; their records are delivered again", len(late))
    for task in late:
        task.cancel()
    await asyncio.gather(*late, return_exceptions=True)


def _report_defect(task: "asyncio.Task[None]") -> None:
    """Logs an error that ended a poller: pollers handle the failures that they expect."""
    if not task.cancelled() and task.exception() is not None:
        logger.error("A poller ended with an error", exc_info=task.exception())


def _pollers(
    functions: Iterable[LocalFunction], names: Mapping[str, str], aws: Aws, calls: Calls, checkpoints: Checkpoints
) -> Iterable[QueuePoller | StreamPoller]:
    for function in functions:
        for queue in function.function.queue_mappings:
            url, arn = names[queue.queue], names[f"{queue.queue}.Arn"]
            yield QueuePoller(queue, function, url=url, arn=arn, aws=aws, calls=calls)
        for stream in function.function.stream_mappings:
            try:
                arn = names[f"{stream.table}.StreamArn"]
            except KeyError:
                raise TemplateError(f"{function.function.logical_id}: {stream.table} has no stream") from None
            told = names[stream.on_failure_queue] if stream.on_failure_queue else None
            on_failure = OnFailure(function.function.logical_id, arn, told, aws, calls)
            yield StreamPoller(
                stream, function, arn=arn, aws=aws, calls=calls, checkpoints=checkpoints, on_failure=on_failure
            )
