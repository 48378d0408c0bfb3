"""The whole product in one process: emulator, tables, functions, gateway, mappings and the servers around them."""

import asyncio
import os
import socket
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
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
from local.mappings import LONGEST_WAIT_SECONDS, running_mappings
from local.resources import create_resources, environment
from local.settings import SIMULATED_TOKEN, LocalSettings, Telegram
from local.simulator import Simulator
from local.site import add_site
from local.telegram_polling import Polling
from local.template import read_template
from publishing.bot_profile import publish
from publishing.subscription import ALLOWED_UPDATES, MAX_CONNECTIONS

RUN = ROOT / ".run"


class PortTakenError(RuntimeError):
    """Something else listens on our port."""


@dataclass(frozen=True)
class Stack:
    """What runs. The servers are there whether the functions use them or the ones that settings name."""

    url: str
    simulator: Simulator
    model: OfflineModel
    amplitude: Amplitude
    aws: Aws
    names: dict[str, str]
    functions: tuple[LocalFunction, ...]
    # What updates must come with.
    secret: str
    # Ends only with an error: updates can't be fetched.
    polling: "asyncio.Task[None] | None"


@asynccontextmanager
async def running_stack(
    settings: LocalSettings,
    data: Path | None = None,
    model: OfflineModel | None = None,
    longest_wait_seconds: float = LONGEST_WAIT_SECONDS,
) -> AsyncIterator[Stack]:
    """One per process: functions read their settings once, when they are imported.

    :param data: folder in which tables, queues, streams and the simulated chats are kept for the next run
    :param longest_wait_seconds: between two times of a schedule
    :raises PortTakenError: nothing has been started
    """
    listening = _listen(settings.port)
    async with AsyncExitStack() as stack:
        stack.callback(listening.close)
        aws = await asyncio.to_thread(_aws, settings, data, stack)
        template = read_template(ROOT / "template.yaml")
        names = await asyncio.to_thread(create_resources, template, aws)
        os.environ.update(environment(template, names, aws, settings.functions))
        await asyncio.to_thread(_load_cast)
        functions = tuple(LocalFunction.load(function) for function in template.functions)
        simulator, model, amplitude = Simulator(SIMULATED_TOKEN), model or OfflineModel(), Amplitude()
        if data:
            stack.callback(simulator.save, data / "telegram.json")
            if (data / "telegram.json").exists():
                simulator.load(data / "telegram.json")
        app = web.Application()
        simulator.add_routes(app)
        model.add_routes(app)
        amplitude.add_routes(app)
        gateway.add_routes(app, functions)
        add_site(app, ROOT / "static_site")
        await _serve(app, listening, stack)
        checkpoints = data / "streams.json" if data else None
        feeding = running_mappings(functions, names, aws, checkpoints, longest_wait_seconds=longest_wait_seconds)
        await stack.enter_async_context(feeding)
        url = f"http://127.0.0.1:{settings.port}"
        polling = await _receive_updates(settings, url, stack)
        yield Stack(
            url, simulator, model, amplitude, aws, names, functions, settings.functions["WEBHOOK_SECRET"], polling
        )


def _listen(port: int) -> socket.socket:
    listening = socket.socket()
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind(("127.0.0.1", port))
    except OSError:
        listening.close()
        raise PortTakenError(f"Port {port} is taken. Set PORT to another, or end what listens there.") from None
    return listening


def _aws(settings: LocalSettings, data: Path | None, stack: AsyncExitStack) -> Aws:
    if settings.emulator_url:
        return Aws.at(settings.emulator_url)
    kept = data / "aws" if data else None
    return Aws.at(stack.enter_context(Emulator.start(RUN / "emulator.log", kept)).endpoint_url)


def _load_cast() -> None:
    # Only now: the table it writes to is named by the environment.
    from publishing.cast import put_cast, read_cast  # noqa: PLC0415 - see above

    for _ in put_cast(read_cast()):
        pass


async def _serve(app: web.Application, listening: socket.socket, stack: AsyncExitStack) -> None:
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, listening).start()


async def _receive_updates(settings: LocalSettings, url: str, stack: AsyncExitStack) -> "asyncio.Task[None] | None":
    """Has updates come in, unless the server that is named sends them of itself."""
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
        await publish(bot, of["WEBAPP_URL"])
    return None
