"""The real stack, with the functions in worker processes, each behind a fault proxy."""

import asyncio
import socket
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web

from local import gateway, settings
from local.amplitude import Amplitude
from local.aws import Aws
from local.chaos.fault_plan import FaultPlan
from local.chaos.pace import MODEL_S, TELEGRAM_S, Pace, max_concurrency, stretched, visibility_s, with_short_timeouts
from local.chaos.processes import ForkServer, ProcessFunction, Worker
from local.chaos.proxy import FaultProxy
from local.chaos.slowness import slowness
from local.chaos.world import World
from local.emulator import ROOT, Emulator
from local.llm import OfflineModel
from local.llm.answering import Words
from local.mappings import running_mappings
from local.resources import create_resources, environment
from local.settings import SIMULATED_TOKEN
from local.simulator import Simulator
from local.template import Function, read_template
from publishing.subscription import ALLOWED_UPDATES
from troupe.pseudonym import use_key

CAST_S = 30
MAX_TELEGRAM_S = 60
RETRY_SCALE = 0.1

# Guests write as fast as they can.
LIMITS = "MESSAGES_PER_MINUTE MESSAGES_PER_DAY DOLLARS_PER_PERSON_DAY DOLLARS_PER_DAY DOLLARS_PER_MONTH"
NO_LIMITS = dict.fromkeys(LIMITS.split(), "0")


@asynccontextmanager
async def running_world(
    folder: Path, faults: FaultPlan, words: Words, pace: Pace, limits: Mapping[str, str] = NO_LIMITS
) -> AsyncIterator[World]:
    """Start one per process, because the environment holds the tables' names. All files are in `folder`."""
    async with AsyncExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        port = str(listening.getsockname()[1])
        slow = await asyncio.to_thread(slowness)
        given = _settings(port, slow, limits)
        use_key(lambda: given["PSEUDONYM_KEY"])
        emulator = await asyncio.to_thread(Emulator.start, folder / "emulator.log", folder / "aws")
        aws = Aws.at(emulator.endpoint_url)
        template = with_short_timeouts(read_template(ROOT / "template.yaml"), pace, slow)
        names = await asyncio.to_thread(create_resources, template, aws)
        world = World(
            f"http://127.0.0.1:{port}",
            Simulator(SIMULATED_TOKEN, flood_limits=False, retry_scale=RETRY_SCALE),
            OfflineModel(pace=0, words=words),
            Amplitude(),
            aws,
            names,
            faults,
            given["WEBHOOK_SECRET"],
            emulator,
            folder,
            slow,
        )
        stack.callback(lambda: world.emulator.stop())  # noqa: PLW0108 - restart_emulator replaces it
        spawn = await _spawner(world, environment(template, names, aws, given), stack)
        functions = [
            ProcessFunction(function, spawn, max_concurrency(function, pace), world.note_end)
            for function in template.functions
        ]
        await _serve(world, functions, listening, stack)
        await stack.enter_async_context(running_mappings(functions, names, aws, folder / "streams.json"))
        await world.simulator.call(
            "setWebhook", url=f"{world.url}/telegram/webhook", secret_token=world.secret,
            allowed_updates=ALLOWED_UPDATES, max_connections=100,
        )  # fmt: skip
        yield world


def _settings(port: str, slow: float, limits: Mapping[str, str]) -> dict[str, str]:
    return {
        **settings.read({"PORT": port}).functions,
        "MODEL_TIMEOUT_S": str(stretched(MODEL_S, slow)),
        "TELEGRAM_TIMEOUT_S": str(min(stretched(TELEGRAM_S, slow), MAX_TELEGRAM_S)),
        "VISIBILITY_TIMEOUT_S": str(visibility_s(slow)),
        **NO_LIMITS,
        **limits,
    }


async def _spawner(
    world: World, variables: dict[str, str], stack: AsyncExitStack
) -> Callable[[Function], Awaitable[Worker]]:
    """Loads the characters, and returns the function that starts a worker behind a fault proxy of its own."""
    session = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
    fork_server = stack.enter_context(ForkServer(world.folder / "functions.log", variables))
    loader = await fork_server.spawn({**variables, "_HANDLER": "local.chaos.handlers.load_cast"})
    await loader.invoke({}, world.stretched(CAST_S))
    loader.kill()

    async def spawn(function: Function) -> Worker:
        proxy = FaultProxy(world.aws.endpoint_url, world.url, session, world.faults)
        proxy_url = await proxy.listen()
        stack.push_async_callback(proxy.close)
        worker = await fork_server.spawn({**_through_proxy(proxy_url, variables), "_HANDLER": function.handler})
        proxy.worker, worker.on_death = worker, world.faults.died
        stack.callback(worker.kill)
        world.spawned[function.logical_id] += 1
        return worker

    return spawn


async def _serve(
    world: World, functions: Sequence[ProcessFunction], listening: socket.socket, stack: AsyncExitStack
) -> None:
    app = web.Application()
    for part in (world.simulator, world.model, world.amplitude):
        part.add_routes(app)
    gateway.add_routes(app, functions, world.stretched(gateway.MAX_SECONDS_TO_ANSWER))
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    stack.push_async_callback(runner.cleanup)
    await web.SockSite(runner, listening).start()


def _through_proxy(proxy_url: str, variables: dict[str, str]) -> dict[str, str]:
    """The functions' variables with the proxy's address in place of every service's."""
    queues = {
        name: proxy_url + urlsplit(value).path for name, value in variables.items() if name.endswith("_QUEUE_URL")
    }
    return {
        **variables,
        **queues,
        "AWS_ENDPOINT_URL": proxy_url,
        "TELEGRAM_API_URL": proxy_url,
        "OPENAI_BASE_URL": f"{proxy_url}/openai/v1",
        "AMPLITUDE_SERVER_URL": f"{proxy_url}/amplitude/2/httpapi",
    }
