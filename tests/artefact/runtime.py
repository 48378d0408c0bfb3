"""Lambda's own runtime client and its interface emulator, one process for each environment of a packaged function.

Both are AWS's: `awslambdaric` runs in Lambda's managed Python too, and the emulator ships with the SAM command line.
"""

import asyncio
import json
import os
import platform
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import aiohttp

from artefacts.interpreter import find_interpreter, uv
from artefacts.package import ROOT
from artefacts.target import LAMBDA
from local.invocation import InvocationError, LocalFunction
from local.ports import free_port
from local.template import Function

EMULATOR = "lib/python*/site-packages/samcli/local/rapid/aws-lambda-rie-{}"
MACHINES = {"x86_64": "x86_64", "aarch64": "arm64", "arm64": "arm64"}
# The emulator takes the seconds of INIT off the first invocation's time, which Lambda does not.
MAX_INIT_S = 60
INVOCATIONS = "/2015-03-31/functions/function/invocations"


@dataclass(frozen=True)
class Python:
    """The Python that packages are compiled for and run on here: Lambda's version, or our own if that is missing."""

    version: str
    path: Path

    @classmethod
    def closest(cls) -> "Python":
        path = find_interpreter(LAMBDA.python)
        if path:
            return cls(LAMBDA.python, path)
        return cls(f"{sys.version_info.major}.{sys.version_info.minor}", Path(sys.executable))


@dataclass(frozen=True)
class Runtime:
    python: Python
    emulator: Path
    client: Path

    @classmethod
    def install(cls, folder: Path, python: Python) -> "Runtime":
        """The client goes beside the packages, as in Lambda, where it is not theirs either."""
        (found,) = (ROOT / ".venv-sam").glob(EMULATOR.format(MACHINES[platform.machine()]))
        emulator = folder / "aws-lambda-rie"
        shutil.copy(found, emulator)
        emulator.chmod(0o755)
        client = folder / "client"
        subprocess.run(
            [
                *(uv(), "pip", "install", "--quiet", "--python", str(python.path), "--target", str(client)),
                *("--require-hashes", "-r", str(ROOT / "locks" / "runtime.txt")),
            ],
            check=True,
        )
        return cls(python, emulator, client)

    @contextmanager
    def running(self, package: Path, function: Function, variables: Mapping[str, str], log: Path) -> Iterator[str]:
        """The address that takes events. The environment is Lambda's and the template's: none of ours gets in."""
        port, inner = free_port(), free_port()
        environment = {
            "PATH": os.defpath,
            "HOME": str(log.parent),
            "PYTHONPATH": str(self.client),
            # A task's folder is read-only in Lambda.
            "PYTHONDONTWRITEBYTECODE": "1",
            "LAMBDA_TASK_ROOT": str(package),
            "AWS_LAMBDA_FUNCTION_NAME": function.logical_id,
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": str(function.memory),
            "AWS_LAMBDA_FUNCTION_TIMEOUT": str(function.timeout + MAX_INIT_S),
            **variables,
        }
        command = [
            *(str(self.emulator), "--runtime-interface-emulator-address", f"127.0.0.1:{port}"),
            # -S: no library of this Python may take the place of one that a package lacks.
            *("--runtime-api-address", f"127.0.0.1:{inner}", str(self.python.path), "-S", "-m", "awslambdaric"),
            function.handler,
        ]
        with log.open("wb") as output:
            process = subprocess.Popen(command, cwd=package, env=environment, stdout=output, stderr=subprocess.STDOUT)
        try:
            yield f"http://127.0.0.1:{port}{INVOCATIONS}"
        finally:
            process.terminate()
            process.wait(10)


class PackagedFunction(LocalFunction):
    """A function in as many environments as there are addresses, each of which takes one event at a time."""

    def __init__(self, function: Function, addresses: list[str], http: aiohttp.ClientSession) -> None:
        super().__init__(function, _elsewhere)
        self._http = http
        self._free: asyncio.Queue[str] = asyncio.Queue()
        for address in addresses:
            self._free.put_nowait(address)

    async def invoke(self, event: Any) -> Any:
        """:raises InvocationError: the handler raised or overran"""
        address = await self._free.get()
        try:
            answer = await self._post(address, event)
        finally:
            self._free.put_nowait(address)
        try:
            answered = json.loads(answer)
        except ValueError:
            raise InvocationError(answer) from None
        if isinstance(answered, dict) and "errorType" in answered:
            raise InvocationError(f"{answered['errorType']}: {answered.get('errorMessage')}")
        return answered

    async def _post(self, address: str, event: Any) -> str:
        async with asyncio.timeout(120):
            while True:
                try:
                    async with self._http.post(address, json=event) as response:
                        return await response.text()
                except aiohttp.ClientConnectorError:
                    await asyncio.sleep(0.05)  # it is still starting


def _elsewhere(_event: object, _context: object) -> None:
    raise AssertionError("the handler runs in another process")
