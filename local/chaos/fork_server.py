"""A process that has the functions' libraries loaded and splits off workers, each in a few hundredths of a second.

Runs as a program of its own (`python -m local.chaos.fork_server`), with its end of a socket pair for standard input. Every
message there brings the worker's own socket and, as JSON, its environment; the answer is the worker's process id.
Workers are told apart from their Lambda counterparts by nothing but this: one handler, one invocation at a time, and
death at any moment.
"""

import array
import importlib
import json
import os
import signal
import socket
import sys
import time
from typing import Any

LIBRARIES = ("openai", "openai.resources.responses", "telegram", "pynamodb.models", "botocore.session", "amplitude")
LIBRARIES_OF_OURS = ("aws_lambda_powertools.metrics",)
LARGEST = 1 << 16


class Context:
    """What a handler asks of Lambda's context."""

    def __init__(self, seconds: float) -> None:
        self._deadline = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._deadline - time.monotonic()) * 1000))


def main() -> None:
    for library in (*LIBRARIES, *LIBRARIES_OF_OURS):
        importlib.import_module(library)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    with socket.socket(fileno=sys.stdin.fileno()) as control:
        while True:
            message, descriptors, _, _ = socket.recv_fds(control, LARGEST, 1)
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
    """One event a line, `{"event", "seconds"}`, and its answer or error back; until the other end closes."""
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
    except Exception as error:  # noqa: BLE001 - as Lambda's runtime: the invocation failed, the process goes on
        return {"error": type(error).__name__}


if __name__ == "__main__":
    main()
