"""The product out of its packages: emulated AWS, our Telegram, model and Amplitude, and the functions as they ship."""

import asyncio
import os
import socket
import subprocess
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, ExitStack, asynccontextmanager
from pathlib import Path

import aiohttp
import boto3
from aiohttp import web

from artefacts.package import ROOT, function_of
from local import gateway
from local.amplitude import Amplitude
from local.aws import Aws
from local.emulator import REGION, Emulator
from local.llm import OfflineModel
from local.mappings import running_mappings
from local.resources import create_resources
from local.settings import SIMULATED_TOKEN, pseudonym_key
from local.simulator import Simulator
from local.stack import Stack
from local.template import Function, Template, read_template
from publishing.subscription import ALLOWED_UPDATES
from tests.artefact.runtime import PackagedFunction, Runtime
from troupe.pseudonym import use_key

# The webhook's is the one that events/*.json come with.
SECRETS = {
    "telegram-bot-token": SIMULATED_TOKEN,
    "webhook-secret": "local-secret",
    "openai-api-key": "offline",
    "amplitude-api-key": "offline",
    "pseudonym-key": pseudonym_key(SIMULATED_TOKEN),
}
# A runtime takes one event at a time. Answers are made side by side.
ENVIRONMENTS = {"LlmReplyFunction": 3}


@asynccontextmanager
async def packaged_stack(packages: Path, runtime: Runtime, work: Path) -> AsyncIterator[Stack]:
    """:param packages: a folder for each function, by its name"""
    async with AsyncExitStack() as opened:
        listening = opened.enter_context(socket.create_server(("127.0.0.1", 0)))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        emulator = opened.enter_context(await asyncio.to_thread(Emulator.start, work / "emulator.log"))
        aws = Aws.at(emulator.endpoint_url)
        template = read_template(ROOT / "template.yaml", parameters=_parameters(url))
        names = await asyncio.to_thread(create_resources, template, aws)
        use_key(lambda: SECRETS["pseudonym-key"])
        await asyncio.to_thread(_fill, aws, names)
        http = await opened.enter_async_context(aiohttp.ClientSession())
        running = opened.enter_context(ExitStack())
        functions = tuple(
            PackagedFunction(
                function, list(_start(function, template, names, aws, packages, runtime, work, running)), http
            )
            for function in template.functions
        )
        simulator, model, amplitude = Simulator(SIMULATED_TOKEN), OfflineModel(pace=0), Amplitude()
        app = web.Application()
        simulator.add_routes(app)
        model.add_routes(app)
        amplitude.add_routes(app)
        gateway.add_routes(app, functions)
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        opened.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listening).start()
        await opened.enter_async_context(running_mappings(functions, names, aws))
        secret = SECRETS["webhook-secret"]
        hook = {"url": f"{url}/telegram/webhook", "secret_token": secret, "allowed_updates": ALLOWED_UPDATES}
        async with http.post(f"{url}/bot{SIMULATED_TOKEN}/setWebhook", json=hook) as response:
            assert response.status == 200
        yield Stack(url, simulator, model, amplitude, aws, names, functions, secret, None)


def _parameters(url: str) -> dict[str, str]:
    return {
        "TelegramApiUrl": url,
        "OpenAiBaseUrl": f"{url}/openai/v1",
        "AmplitudeServerUrl": f"{url}/amplitude/2/httpapi",
        "DomainName": "troupe.example.com",
    }


def _fill(aws: Aws, names: Mapping[str, str]) -> None:
    """With the secrets and the cast, by the command that loads it."""
    session = boto3.Session(aws_access_key_id="test", aws_secret_access_key="test", region_name=REGION)
    ssm = session.client("ssm", endpoint_url=aws.endpoint_url)
    for name, value in SECRETS.items():
        ssm.put_parameter(Name=f"/troupe/troupe/{name}", Value=value, Type="SecureString")
    variables = {**os.environ, **aws.settings(), "CHARACTERS_TABLE": names["CharactersTable"]}
    command = [sys.executable, "-m", "publishing.cast"]
    subprocess.run(command, cwd=ROOT, env=variables, check=True, capture_output=True)


def _start(
    function: Function,
    template: Template,
    names: Mapping[str, str],
    aws: Aws,
    packages: Path,
    runtime: Runtime,
    work: Path,
    running: ExitStack,
) -> list[str]:
    """The function's environment variables: those in template.yaml, and those that Lambda sets."""
    told = template.scope.with_names(names).resolve(function.environment)
    variables = {**aws.settings(), **{name: str(value) for name, value in told.items()}}
    package = packages / function_of(function.logical_id)
    return [
        running.enter_context(
            runtime.running(package, function, variables, work / f"{function.logical_id}-{number}.log")
        )
        for number in range(ENVIRONMENTS.get(function.logical_id, 1))
    ]
