"""The AWS emulator: MiniStack, in a process and a virtual environment of its own, on loopback only."""

import fcntl
import socket
import subprocess
import time
import urllib.request
from contextlib import ExitStack, suppress
from pathlib import Path
from types import TracebackType
from typing import Self, TextIO

from local.ports import free_port

ROOT = Path(__file__).parents[1]
HOST = "127.0.0.1"
REGION = "us-east-1"
ACCOUNT = "000000000000"
SECONDS_TO_START = 120
SECONDS_TO_STOP = 10
SECONDS_TO_FREE_DATA = 3


class EmulatorError(RuntimeError):
    """The emulator is missing or did not start. The message is for the terminal."""


class Emulator:
    """A running MiniStack. MiniStack ends with the `with` block, and with this process, even if that is killed.

    With `data`, the emulator saves tables, queues and streams in that folder, and the next start loads them. A stop
    saves everything. A killed emulator, or a loss of power, loses the changes of about the last second.
    """

    def __init__(self, process: "subprocess.Popen[bytes]", endpoint_url: str) -> None:
        self.process = process
        self.endpoint_url = endpoint_url

    @classmethod
    def start(
        cls, log: Path, data: Path | None = None, port: int = 0, environment: Path = ROOT / ".venv-emulator"
    ) -> Self:
        """Blocks until the emulator answers, about a second.

        :param log: file for the emulator's output; replaced
        :param port: 0 picks a free one
        :raises EmulatorError: not installed, port or data in use, or the emulator exited or did not answer
        """
        python = environment / "bin" / "python"
        if not python.exists():
            raise EmulatorError(f"The AWS emulator is not installed in {environment}: `make run` sets it up.")
        port = _bindable(port) if port else free_port()
        emulator = cls(_launch(python, port, log, data), f"http://{HOST}:{port}")
        try:
            emulator._wait_until_healthy(log)
        except BaseException:
            emulator.stop()
            raise
        return emulator

    def stop(self) -> None:
        """Safe to call twice. Kills the emulator if it does not end by itself."""
        if self.process.stdin:
            with suppress(BrokenPipeError):
                self.process.stdin.close()
        try:
            self.process.wait(SECONDS_TO_STOP)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        self.stop()

    def _wait_until_healthy(self, log: Path) -> None:
        deadline = time.monotonic() + SECONDS_TO_START
        while time.monotonic() < deadline:
            if self.process.poll() is not None:
                raise EmulatorError(f"The AWS emulator exited at once; its output is in {log}")
            with suppress(OSError), urllib.request.urlopen(f"{self.endpoint_url}/_ministack/health", timeout=2):  # noqa: S310 - loopback
                return
            time.sleep(0.05)
        raise EmulatorError(f"The AWS emulator did not answer within {SECONDS_TO_START} s; its output is in {log}")


def _launch(python: Path, port: int, log: Path, data: Path | None) -> "subprocess.Popen[bytes]":
    log.parent.mkdir(parents=True, exist_ok=True)
    with ExitStack() as opened:
        output = opened.enter_context(log.open("wb"))
        locks = [opened.enter_context(_locked(data))] if data else []
        return subprocess.Popen(  # noqa: S603 - our own interpreter and script
            [python, "-I", ROOT / "local" / "emulator_process.py"],
            stdin=subprocess.PIPE,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=_environment(port, data),
            pass_fds=[lock.fileno() for lock in locks],  # the emulator holds the lock too, if this process ends first
            start_new_session=True,  # Ctrl-C at the terminal stops this process, which stops the emulator last
        )


def _bindable(port: int) -> int:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError as error:
            raise EmulatorError(f"The AWS emulator can't use port {port}: {error.strerror}") from None
    return port


def _locked(data: Path) -> TextIO:
    """Waits while the emulator of a killed run still saves its data."""
    data.mkdir(mode=0o700, parents=True, exist_ok=True)
    lock = (data / "lock").open("w", encoding="ascii")
    deadline = time.monotonic() + SECONDS_TO_FREE_DATA
    while True:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            if time.monotonic() > deadline:
                lock.close()
                raise EmulatorError(f"{data} is in use by another run.") from None
            time.sleep(0.1)
        else:
            return lock


def _environment(port: int, data: Path | None) -> dict[str, str]:
    """Passes on nothing of ours: no keys, no AWS profile, no Docker daemon, whose containers it would remove."""
    environment = {
        "PATH": "/usr/bin:/bin",
        "BIND_HOST": HOST,
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "IOT_MTLS_ENABLED": "0",  # its MQTT listener would bind every interface
        "SFTP_ENABLED": "0",
        "DOCKER_HOST": "unix:///nonexistent",
        "LOG_LEVEL": "WARNING",
        "PYTHONUNBUFFERED": "1",
    }
    if data is not None:
        environment |= {"PERSIST_STATE": "1", "STATE_DIR": str(data.resolve())}
    return environment
