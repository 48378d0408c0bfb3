from collections.abc import AsyncIterator, Iterator

import pytest
from aiohttp import web

from deploy.account import client
from local.emulator import ROOT, Emulator
from local.llm import OfflineModel
from local.simulator import Simulator
from local.site import add_site
from tests.deploy.account import KEY, TOKEN, World
from tests.deploy.lambda_api import LambdaApi


@pytest.fixture(scope="session")
def emulator(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Emulator]:
    with Emulator.start(tmp_path_factory.mktemp("emulator") / "log") as running:
        yield running


@pytest.fixture
async def world(emulator: Emulator) -> AsyncIterator[World]:
    simulator, model = Simulator(TOKEN), OfflineModel(pace=0, api_key=KEY)
    world = World(emulator.endpoint_url, "", simulator, model)

    async def characters(_: web.Request) -> web.Response:
        return web.json_response({"characters": world.characters})

    async def door(_: web.Request) -> web.Response:
        return web.Response(status=world.door)

    app = web.Application()
    simulator.add_routes(app)
    model.add_routes(app)
    app.router.add_get("/api/characters", characters)
    app.router.add_post("/telegram/webhook", door)
    add_site(app, ROOT / "static_site")
    runner = web.AppRunner(app, shutdown_timeout=0.1)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    world.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield world
    await runner.cleanup()


@pytest.fixture
async def lambda_api(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[LambdaApi]:
    async with LambdaApi.serving(monkeypatch) as api:
        yield api


@pytest.fixture
def account(world: World, monkeypatch: pytest.MonkeyPatch) -> Iterator[World]:
    """The world, with this process's AWS clients in it, for tests of a command's parts."""
    for name, value in world.environment().items():
        if name.startswith("AWS_"):
            monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_DEFAULT_REGION", world.environment()["AWS_REGION"])
    client.cache_clear()
    yield world
    client.cache_clear()
