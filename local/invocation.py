"""Runs a function's handler in this process as Lambda would: several execution environments, one invocation at a time
in each, a context that counts down, and a timeout that fails the invocation.
"""

import asyncio
import importlib
import json
import logging
import threading
import time
import traceback
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import ContextVar
from dataclasses import dataclass
from queue import SimpleQueue
from typing import Any

from local.emulator import ACCOUNT, REGION
from local.template import Function, TemplateError

logger = logging.getLogger(__name__)

Handler = Callable[[Any, "LambdaContext"], Any]
Outcome = tuple[Any, BaseException | None]

# The logical id of the function that is being invoked; None outside of invocations.
invoking: ContextVar[str | None] = ContextVar("invoking", default=None)


class InvocationError(RuntimeError):
    """The invocation failed. Holds the error's type only: its message may quote a person's text."""


@dataclass(frozen=True)
class LambdaContext:
    """The context object of Lambda's Python runtime, with the same names and types."""

    function_name: str
    memory_limit_in_mb: str
    invoked_function_arn: str
    aws_request_id: str
    log_group_name: str
    log_stream_name: str
    deadline: float
    function_version: str = "$LATEST"
    identity: None = None
    client_context: None = None

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self.deadline - time.monotonic()) * 1000))


class LocalFunction:
    """A function, to be invoked from one event loop."""

    def __init__(self, function: Function, handler: Handler, concurrency: int = 50) -> None:
        self.function = function
        self._handler = handler
        self._slots = asyncio.Semaphore(concurrency)
        self._idle: list[_Environment] = []

    @classmethod
    def load(cls, function: Function) -> "LocalFunction":
        """Imports the handler by its path in the template.

        :raises TemplateError: no such module or function. Other errors of the import are not caught.
        """
        module_path, _, name = function.handler.rpartition(".")
        try:
            handler = getattr(importlib.import_module(module_path), name)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{module_path}.".startswith(f"{error.name}."):
                raise
            raise TemplateError(f"{function.logical_id}: there is no module {error.name} for its Handler") from None
        except AttributeError:
            raise TemplateError(f"{function.logical_id}: {module_path} has no {name} for its Handler") from None
        return cls(function, handler)

    async def invoke(self, event: Any) -> Any:
        """Returns the handler's answer after a round trip through JSON.

        :raises InvocationError: the handler raised, timed out, or its answer is no JSON. A handler that timed out
            goes on running, because a thread can't be stopped.
        """
        async with self._slots:
            environment = (
                self._idle.pop() if self._idle else _Environment(self.function.logical_id, self._handler, self._idle)
            )
            running = asyncio.wrap_future(environment.run(json.loads(json.dumps(event)), self._context()))
            done, _ = await asyncio.wait({running}, timeout=self.function.timeout)
        if not done:
            raise self._failed(f"Task timed out after {self.function.timeout:.2f} seconds")
        answer, error = running.result()
        if error:
            frames = "".join(traceback.format_tb(error.__traceback__)[1:])
            raise self._failed(type(error).__name__, frames)
        try:
            return json.loads(json.dumps(answer))
        except (TypeError, ValueError):
            raise self._failed("Runtime.MarshalError: the answer is no JSON") from None

    def _failed(self, what: str, frames: str = "") -> InvocationError:
        logger.error("%s failed: %s\n%s", self.function.logical_id, what, frames.rstrip())
        return InvocationError(what)

    def _context(self) -> LambdaContext:
        name = self.function.logical_id
        return LambdaContext(
            function_name=name,
            memory_limit_in_mb=str(self.function.memory),
            invoked_function_arn=f"arn:aws:lambda:{REGION}:{ACCOUNT}:function:{name}",
            aws_request_id=str(uuid.uuid4()),
            log_group_name=f"/aws/lambda/{name}",
            log_stream_name="local",
            deadline=time.monotonic() + self.function.timeout,
        )


class _Environment:
    """One execution environment: a daemon thread that runs one invocation after another."""

    def __init__(self, name: str, handler: Handler, idle: "list[_Environment]") -> None:
        self._name = name
        self._handler = handler
        self._idle = idle
        self._work: SimpleQueue[tuple[Any, LambdaContext, Future[Outcome]]] = SimpleQueue()
        threading.Thread(target=self._run, daemon=True).start()

    def run(self, event: Any, context: LambdaContext) -> "Future[Outcome]":
        future: Future[Outcome] = Future()
        future.set_running_or_notify_cancel()
        self._work.put((event, context, future))
        return future

    def _run(self) -> None:
        invoking.set(self._name)
        while True:
            event, context, future = self._work.get()
            outcome: Outcome
            try:
                outcome = self._handler(event, context), None
            except BaseException as error:  # noqa: BLE001 - a handler that exits ends its invocation, not this process
                outcome = None, error
            self._idle.append(self)
            future.set_result(outcome)
