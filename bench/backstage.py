"""The servers around the functions: emulated AWS, the simulated Telegram, a model with a set pace.

All of it speaks TLS to the functions, and their secrets are in SSM.
"""

import asyncio
import os
import socket
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
from aiohttp import web

from artefacts.package import ROOT
from bench import certificates, tls_front
from bench.tls_front import Front
from local import settings
from local.amplitude import Amplitude
from local.aws import ACCESS_KEY, Aws
from local.emulator import REGION, Emulator
from local.llm import OfflineModel
from local.resources import create_resources, environment
from local.settings import SIMULATED_TOKEN
from local.simulator import Simulator
from local.template import Template, read_template

# No limits: one person writes fifty messages at once. Bookings are made all the same. And no newcomer gives way: full
# batches are measured.
UNLIMITED = dict.fromkeys(("MESSAGES_PER_MINUTE", "MESSAGES_PER_DAY", "DOLLARS_PER_PERSON_DAY", "NEWCOMER_HOURS"), "0")
SECRETS = ("WEBHOOK_SECRET", "TELEGRAM_BOT_TOKEN", "OPENAI_API_KEY", "AMPLITUDE_API_KEY", "PSEUDONYM_KEY")

Answering = Callable[[web.Request], Awaitable[web.StreamResponse]]


@dataclass(frozen=True)
class Request:
    """From its first line until the last of its answer, in seconds since 1970."""

    path: str
    began: float
    ended: float


@dataclass
class Backstage:
    """`variables` are a function's environment; `sent` counts the bytes that functions have sent, by receiver."""

    simulator: Simulator
    model: OfflineModel
    amplitude: Amplitude
    aws: Aws
    template: Template
    names: dict[str, str]
    variables: dict[str, str]
    webhook_secret: str
    front: Front
    sent: Counter[str] = field(default_factory=Counter)
    requests: list[Request] = field(default_factory=list)


@asynccontextmanager
async def running_backstage() -> AsyncIterator[Backstage]:
    """Start one per process: the environment names troupe's tables."""
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        trusted = certificates.make(folder, "DNS:localhost", "IP:127.0.0.1")
        emulator = stack.enter_context(await asyncio.to_thread(Emulator.start, folder / "emulator.log"))
        aws, template = Aws.at(emulator.endpoint_url), read_template(ROOT / "template.yaml")
        names = await asyncio.to_thread(create_resources, template, aws)
        port = str(listening.getsockname()[1])
        given = settings.read({"PORT": port, **UNLIMITED}).functions
        variables = environment(template, names, aws, given)
        os.environ.update(variables)
        await asyncio.to_thread(_load_cast)
        front = await stack.enter_async_context(tls_front.front(emulator.endpoint_url, trusted.of_server()))
        await asyncio.to_thread(_keep_secrets, aws, given)
        told = _told(
            variables, {emulator.endpoint_url: front.url, f"http://127.0.0.1:{port}": f"https://127.0.0.1:{port}"}
        )
        told |= {"AWS_CA_BUNDLE": str(trusted.beside_amazon), "SSL_CERT_FILE": str(trusted.beside_all)}
        simulator = Simulator(SIMULATED_TOKEN, flood_limits=False)
        model, secret = OfflineModel(pace=0), given["WEBHOOK_SECRET"]
        behind = Backstage(simulator, model, Amplitude(), aws, template, names, told, secret, front)
        app = web.Application(middlewares=[_metered(behind)])
        for part in (behind.simulator, behind.model, behind.amplitude):
            part.add_routes(app)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listening, ssl_context=trusted.of_server()).start()
        yield behind


def _keep_secrets(aws: Aws, given: Mapping[str, str]) -> None:
    ssm = boto3.Session(aws_access_key_id=ACCESS_KEY, aws_secret_access_key=ACCESS_KEY, region_name=REGION).client(
        "ssm", endpoint_url=aws.endpoint_url
    )
    for name in SECRETS:
        ssm.put_parameter(Name=f"/bench/{name}", Value=given[name], Type="SecureString")


def _told(variables: Mapping[str, str], fronts: Mapping[str, str]) -> dict[str, str]:
    """The environment variables of a function: names of secrets in SSM, and TLS addresses of the servers."""
    found = {name: value for name, value in variables.items() if name not in SECRETS}
    for plain, front in fronts.items():
        found = {name: value.replace(plain, front) for name, value in found.items()}
    of_secrets = {f"{name}_PARAMETER": f"/bench/{name}" for name in SECRETS}
    return {**found, **of_secrets, "AWS_LAMBDA_FUNCTION_NAME": "bench"}


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
