"""The world around the functions, without the functions: emulated AWS, our Telegram, a model that takes its time."""

import asyncio
import os
import socket
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from artefacts.package import ROOT
from local import settings
from local.amplitude import Amplitude
from local.aws import Aws
from local.emulator import Emulator
from local.llm import OfflineModel
from local.resources import create_resources, environment
from local.settings import SIMULATED_TOKEN
from local.simulator import Simulator
from local.template import Template, read_template

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Request:
    """From its first line until the last of its answer, in seconds since 1970."""

    path: str
    began: float
    ended: float


@dataclass
class Backstage:
    """`variables` are what a function is told; `sent` counts the bytes that functions have sent, by who got them."""

    simulator: Simulator
    model: OfflineModel
    amplitude: Amplitude
    aws: Aws
    template: Template
    names: dict[str, str]
    variables: dict[str, str]
    sent: Counter[str] = field(default_factory=Counter)
    requests: list[Request] = field(default_factory=list)


@asynccontextmanager
async def running_backstage() -> AsyncIterator[Backstage]:
    """One per process: troupe's tables are named by the environment."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        emulator = stack.enter_context(await asyncio.to_thread(Emulator.start, folder / "emulator.log"))
        aws, template = Aws.at(emulator.endpoint_url), read_template(ROOT / "template.yaml")
        names = await asyncio.to_thread(create_resources, template, aws)
        port = str(listening.getsockname()[1])
        variables = environment(template, names, aws, settings.read({"PORT": port}).functions)
        os.environ.update(variables)
        await asyncio.to_thread(_load_cast)
        simulator = Simulator(SIMULATED_TOKEN, flood_limits=False)
        behind = Backstage(simulator, OfflineModel(pace=0), Amplitude(), aws, template, names, variables)
        app = web.Application(middlewares=[_metered(behind)])
        for part in (behind.simulator, behind.model, behind.amplitude):
            part.add_routes(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listening).start()
        yield behind


def _load_cast() -> None:
    # Only now: the table it writes to is named by the environment.
    from publishing.cast import put_cast, read_cast  # noqa: PLC0415 - its table is named only now

    for _ in put_cast(read_cast()):
        pass


def _metered(behind: Backstage) -> Any:
    """Counts requests as they are on the wire, before encryption."""

    @web.middleware
    async def measure(request: web.Request, handler: Answering) -> web.StreamResponse:
        began = time.time()
        name = request.path.split("/")[1]
        head = sum(len(field) + len(value) + 4 for field, value in request.raw_headers)
        line = len(request.method) + len(request.path_qs) + 14
        body = int(request.headers.get("Content-Length", 0))
        behind.sent["telegram" if name.startswith("bot") else name] += line + head + body
        answered = await handler(request)
        behind.requests.append(Request(request.path, began, time.time()))
        return answered

    return measure
