"""The whole product in one process: emulator, tables, functions, gateway, mappings and the servers around them."""

import asyncio
import os
import socket
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager, redirect_stdout
from dataclasses import dataclass
from pathlib import Path

import aiohttp
from aiohttp import web
from telegram import Bot

from local import gateway
from local.amplitude import Amplitude
from local.aws import Aws
from local.emulator import ROOT, Emulator
from local.invocation import LocalFunction
from local.llm import OfflineModel
from local.mappings import MAX_WAIT_SECONDS, running_mappings
from local.resources import create_resources, environment
from local.settings import SIMULATED_TOKEN, LocalSettings, Telegram
from local.simulator import Simulator
from local.site import add_site
from local.telegram_polling import Polling
from local.template import read_template
from publishing.bot_profile import publish
from publishing.subscription import ALLOWED_UPDATES, MAX_CONNECTIONS


class PortTakenError(RuntimeError):
    """Another process listens on our port."""


@dataclass(frozen=True)
class Stack:
    """The running parts. The simulator, model and Amplitude run even if settings name other servers."""

    url: str
    simulator: Simulator
    model: OfflineModel
    amplitude: Amplitude
    aws: Aws
    names: dict[str, str]
    functions: tuple[LocalFunction, ...]
    secret: str
    """The webhook's secret token."""
    polling: "asyncio.Task[None] | None"
    """Ends only with an error: updates can't be fetched."""


@asynccontextmanager
async def running_stack(
    settings: LocalSettings,
    data: Path | None = None,
    model: OfflineModel | None = None,
    max_wait_seconds: float = MAX_WAIT_SECONDS,
    logs: Path | None = None,
) -> AsyncIterator[Stack]:
    """One per process: functions read their settings once, when they are imported.

    :param data: folder in which tables, queues, streams and the simulated chats are kept for the next run
    :param max_wait_seconds: the longest time between two invocations of a schedule
    :param logs: folder for the emulator's log and, in place of standard output, the functions' log lines; None: the
        emulator's log is temporary, and the functions print
    :raises PortTakenError: nothing has been started or written
    """
    listening = _listen(settings.port)
    async with AsyncExitStack() as stack:
        stack.callback(listening.close)
        if logs:
            stack.enter_context(_stdout_in(logs / "functions.log"))
        else:
            logs = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="troupe-")))
        aws = await asyncio.to_thread(_aws, settings, data, logs, stack)
        template = read_template(ROOT / "template.yaml")
        names = await asyncio.to_thread(create_resources, template, aws)
        os.environ.update(environment(template, names, aws, settings.functions))
        await asyncio.to_thread(_load_cast)
        functions = tuple(LocalFunction.load(function) for function in template.functions)
        simulator, model, amplitude = _simulator(data, stack), model or OfflineModel(), Amplitude()
        await _serve(_application((simulator, model, amplitude), functions), listening, stack)
        checkpoints = data / "streams.json" if data else None
        feeding = running_mappings(functions, names, aws, checkpoints, max_wait_seconds=max_wait_seconds)
        await stack.enter_async_context(feeding)
        url = f"http://127.0.0.1:{settings.port}"
        polling = await _receive_updates(settings, url, stack)
        yield Stack(
            url, simulator, model, amplitude, aws, names, functions, settings.functions["WEBHOOK_SECRET"], polling
        )


def _simulator(data: Path | None, stack: AsyncExitStack) -> Simulator:
    simulator = Simulator(SIMULATED_TOKEN)
    if data:
        stack.callback(simulator.save, data / "telegram.json")
        if (data / "telegram.json").exists():
            simulator.load(data / "telegram.json")
    return simulator


def _application(
    servers: tuple[Simulator, OfflineModel, Amplitude], functions: tuple[LocalFunction, ...]
) -> web.Application:
    app = web.Application()
    for server in servers:
        server.add_routes(app)
    gateway.add_routes(app, functions)
    add_site(app, ROOT / "static_site")
    return app


@contextmanager
def _stdout_in(file: Path) -> Iterator[None]:
    """Replaces the file of an earlier run."""
    file.parent.mkdir(parents=True, exist_ok=True)
    with file.open("w", buffering=1, encoding="utf-8") as log, redirect_stdout(log):
        yield


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError:
        listening.close()
        raise PortTakenError(
            f"Port {port} is taken. Set PORT to another, or stop the process that listens there."
        ) from None
    return listening


def _aws(settings: LocalSettings, data: Path | None, logs: Path, stack: AsyncExitStack) -> Aws:
    if settings.emulator_url:
        return Aws.at(settings.emulator_url)
    kept = data / "aws" if data else None
    return Aws.at(stack.enter_context(Emulator.start(logs / "emulator.log", kept)).endpoint_url)


def _load_cast() -> None:
    # Imported here, because the environment names the table that it writes to.
    from publishing.cast import put_cast, read_cast  # noqa: PLC0415 - see above

    for _ in put_cast(read_cast()):
        pass


async def _serve(app: web.Application, listening: socket.socket, stack: AsyncExitStack) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, listening).start()


async def _receive_updates(settings: LocalSettings, url: str, stack: AsyncExitStack) -> "asyncio.Task[None] | None":
    """Starts the delivery of updates, unless TELEGRAM_API_URL names a server, which posts them itself."""
    if settings.telegram is Telegram.NAMED:
        return None
    of = settings.functions
    token, secret = of["TELEGRAM_BOT_TOKEN"], of["WEBHOOK_SECRET"]
    webhook = f"{url}/telegram/webhook"
    session = await stack.enter_async_context(aiohttp.ClientSession())
    if settings.telegram is Telegram.POLLED:
        task = asyncio.create_task(Polling(session, of["TELEGRAM_API_URL"], token, webhook, secret).run())
        stack.callback(task.cancel)
        return task
    parameters = {"url": webhook, "secret_token": secret, "allowed_updates": ALLOWED_UPDATES,
                  "max_connections": MAX_CONNECTIONS}  # fmt: skip
    await session.post(f"{url}/bot{token}/setWebhook", json=parameters)
    async with Bot(token, base_url=f"{url}/bot") as bot:
        await publish(bot, of["WEBAPP_URL"], [int(each) for each in of["OWNER_IDS"].split(",") if each])
    return None
