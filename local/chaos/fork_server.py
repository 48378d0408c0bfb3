"""The fork server: a process with `troupe` and the functions' libraries loaded, which forks workers in a moment.

It runs as a program (`python -m local.chaos.fork_server`). Its standard input is one end of a socket pair. Each message
there carries the worker's environment as JSON and the worker's socket as a file descriptor. The reply is the worker's
process id. A worker runs one handler, one invocation at a time, and can be killed at any moment.
"""

import array
import importlib
import json
import os
import pkgutil
import signal
import socket
import sys
import time
from typing import Any

import troupe

LIBRARIES = (
    "openai", "openai.resources.responses.responses", "telegram", "httpcore", "pynamodb.models", "botocore.session",
    "amplitude", "aws_lambda_powertools.metrics", "aws_lambda_powertools.utilities.batch",
)  # fmt: skip
MAX_MESSAGE_BYTES = 1 << 16


class Context:
    """The part of Lambda's context object that the handlers use."""

    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def main() -> None:
    for library in LIBRARIES:
        importlib.import_module(library)
    # The functions' own modules are left to the workers: their settings hold the addresses of a worker's proxy.
    for module in pkgutil.walk_packages(troupe.__path__, "troupe."):
        importlib.import_module(module.name)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(fileno=sys.stdin.fileno()) as control:
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, MAX_MESSAGE_BYTES, 1)
            if not message:
                return
            pid = os.fork()
            if pid == 0:
                control.close()
                work(socket.socket(fileno=descriptors[0]), json.loads(message))
                os._exit(0)
            os.close(descriptors[0])
            control.sendall(array.array("i", [pid]).tobytes())


def work(line: socket.socket, environment: dict[str, str]) -> None:
    """For each line of JSON, `{"event", "seconds"}`, writes a line with the answer or the error, until end of file."""
    os.environ.clear()
    os.environ.update(environment)
    module, _, name = environment["_HANDLER"].rpartition(".")
    handler = getattr(importlib.import_module(module), name)
    with line.makefile("rwb") as stream:
        for given in stream:
            asked = json.loads(given)
            stream.write(json.dumps(_outcome(handler, asked)).encode() + b"\n")
            stream.flush()


def _outcome(handler: Any, asked: dict[str, Any]) -> dict[str, Any]:
    try:
        return {"answer": handler(asked["event"], Context(asked["seconds"]))}
    except Exception as error:  # noqa: BLE001 - as in Lambda, the invocation fails and the process goes on
        return {"error": type(error).__name__}


if __name__ == "__main__":
    main()
