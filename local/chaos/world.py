"""The real stack, with the functions in worker processes, each behind a fault proxy."""

import asyncio
import json
import math
import socket
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import aiohttp
from aiohttp import web
from boto3.dynamodb.types import TypeDeserializer

from local import gateway, settings
from local.amplitude import Amplitude
from local.aws import Aws
from local.chaos.fault_plan import FaultPlan
from local.chaos.processes import ForkServer, ProcessFunction, Worker
from local.chaos.proxy import FaultProxy
from local.chaos.slowness import slowness
from local.emulator import ROOT, Emulator
from local.llm import OfflineModel
from local.llm.answering import Words
from local.mappings import running_mappings
from local.resources import create_resources, environment
from local.settings import SIMULATED_TOKEN
from local.simulator import Simulator
from local.template import Function, Template, read_template
from publishing.subscription import ALLOWED_UPDATES
from troupe.pseudonym import use_key

# Seconds on an idle machine; a busy one gets more, see World.stretched.
# REPLY_S is the reply function's timeout: an answer, a message, and 3 s kept for giving jobs back.
MODEL_S, TELEGRAM_S, REPLY_S = 6, 3, 13
CAST_S = 30
MAX_TELEGRAM_S = 60
RETRY_SCALE = 0.1

# Guests write as fast as they can.
LIMITS = "MESSAGES_PER_MINUTE MESSAGES_PER_DAY DOLLARS_PER_PERSON_DAY DOLLARS_PER_DAY DOLLARS_PER_MONTH"
NO_LIMITS = dict.fromkeys(LIMITS.split(), "0")

Row = dict[str, Any]


@dataclass(frozen=True)
class Pace:
    """`workers` is the number of the reply function's worker processes; `batch_size` is jobs per invocation."""

    workers: int = 6
    batch_size: int = 10


@dataclass
class World:
    url: str
    simulator: Simulator
    model: OfflineModel
    amplitude: Amplitude
    aws: Aws
    names: dict[str, str]
    faults: FaultPlan
    secret: str
    emulator: Emulator
    folder: Path
    slowness: float
    spawned: Counter[str] = field(default_factory=Counter)

    def stretched(self, seconds: float) -> int:
        """A time limit in whole seconds, longer where the machine is slow or busy."""
        return _stretched(seconds, self.slowness)

    def turn(self, chat_id: int, message_id: int) -> Row:
        """The turn's row, or {} if there is none."""
        key = {"chat_id": {"N": str(chat_id)}, "message_id": {"N": str(message_id)}}
        found = self.aws.dynamodb.get_item(TableName=self.names["TurnsTable"], Key=key, ConsistentRead=True)
        return _plain(found.get("Item", {}))

    def turns(self) -> list[Row]:
        """Every row of the turns table."""
        pages = self.aws.dynamodb.get_paginator("scan").paginate(
            TableName=self.names["TurnsTable"], ConsistentRead=True
        )
        return [_plain(item) for page in pages for item in page["Items"]]

    def make_regular(self, person_id: int) -> None:
        """Gives a person an allowance without limits, and has them registered for long."""
        self.aws.dynamodb.update_item(
            TableName=self.names["UsersTable"],
            Key={"user_id": {"N": str(person_id)}},
            UpdateExpression="SET messages_per_day = :none, dollars_per_day = :none, registered_at = :long_ago",
            ExpressionAttributeValues={":none": {"N": "0"}, ":long_ago": {"N": "1"}},
        )

    def spending(self) -> list[Row]:
        """Every row of the spending table."""
        pages = self.aws.dynamodb.get_paginator("scan").paginate(
            TableName=self.names["SpendingTable"], ConsistentRead=True
        )
        return [_plain(item) for page in pages for item in page["Items"]]

    def queue(self, chat_id: int, message_id: int, key: str) -> None:
        """Queues a second job for a turn, past the queue's deduplication."""
        job = {"version": 1, "kind": "answer", "chat_id": chat_id, "message_id": message_id, "update_id": 0}
        self.aws.sqs.send_message(
            QueueUrl=self.names["ReplyQueue"],
            MessageBody=json.dumps(job),
            MessageGroupId=str(chat_id),
            MessageDeduplicationId=key,
        )

    def jobs_left(self) -> int:
        """Jobs on the queue, visible or in flight."""
        found = self.aws.sqs.get_queue_attributes(QueueUrl=self.names["ReplyQueue"], AttributeNames=["All"])
        count = found["Attributes"]
        return int(count["ApproximateNumberOfMessages"]) + int(count["ApproximateNumberOfMessagesNotVisible"])

    async def restart_emulator(self) -> None:
        """Restarts on the same port with the same data."""
        port = urlsplit(self.emulator.endpoint_url).port or 0
        await asyncio.to_thread(self.emulator.stop)
        start = Emulator.start
        self.emulator = await asyncio.to_thread(start, self.folder / "emulator.log", self.folder / "aws", port)


@asynccontextmanager
async def running_world(
    folder: Path, faults: FaultPlan, words: Words, pace: Pace, limits: Mapping[str, str] = NO_LIMITS
) -> AsyncIterator[World]:
    """One per process, because the environment holds the tables' names. All files are in `folder`."""
    async with AsyncExitStack() as stack:
        listening = stack.enter_context(socket.create_server(("127.0.0.1", 0)))
        url = f"http://127.0.0.1:{listening.getsockname()[1]}"
        slow = await asyncio.to_thread(slowness)
        given = {
            **settings.read({"PORT": str(listening.getsockname()[1])}).functions,
            "MODEL_TIMEOUT_S": str(_stretched(MODEL_S, slow)),
            "TELEGRAM_TIMEOUT_S": str(min(_stretched(TELEGRAM_S, slow), MAX_TELEGRAM_S)),
            "VISIBILITY_TIMEOUT_S": str(_visibility_s(slow)),
            **NO_LIMITS,
            **limits,
        }
        use_key(lambda: given["PSEUDONYM_KEY"])
        emulator = await asyncio.to_thread(Emulator.start, folder / "emulator.log", folder / "aws")
        aws = Aws.at(emulator.endpoint_url)
        template = _with_short_timeouts(read_template(ROOT / "template.yaml"), pace, slow)
        names = await asyncio.to_thread(create_resources, template, aws)
        variables = environment(template, names, aws, given)
        simulator, amplitude = Simulator(SIMULATED_TOKEN, flood_limits=False, retry_scale=RETRY_SCALE), Amplitude()
        model = OfflineModel(pace=0, words=words)
        secret = given["WEBHOOK_SECRET"]
        world = World(url, simulator, model, amplitude, aws, names, faults, secret, emulator, folder, slow)
        stack.callback(lambda: world.emulator.stop())  # noqa: PLW0108 - restart_emulator replaces it
        session = await stack.enter_async_context(aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)))
        fork_server = stack.enter_context(ForkServer(folder / "functions.log"))
        loader = await fork_server.spawn({**variables, "_HANDLER": "local.chaos.handlers.load_cast"})
        await loader.invoke({}, world.stretched(CAST_S))
        loader.kill()

        async def spawn(function: Function) -> Worker:
            proxy = FaultProxy(aws.endpoint_url, url, session, faults)
            proxy_url = await proxy.listen()
            stack.push_async_callback(proxy.close)
            worker = await fork_server.spawn({**_through_proxy(proxy_url, variables), "_HANDLER": function.handler})
            proxy.worker, worker.on_death = worker, faults.died
            stack.callback(worker.kill)
            world.spawned[function.logical_id] += 1
            return worker

        functions = [
            ProcessFunction(function, spawn, _max_concurrency(function, pace)) for function in template.functions
        ]
        app = web.Application()
        for part in (simulator, model, amplitude):
            part.add_routes(app)
        gateway.add_routes(app, functions, world.stretched(gateway.MAX_SECONDS_TO_ANSWER))
        runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await runner.setup()
        stack.push_async_callback(runner.cleanup)
        await web.SockSite(runner, listening).start()
        await stack.enter_async_context(running_mappings(functions, names, aws, folder / "streams.json"))
        await simulator.call(
            "setWebhook", url=f"{url}/telegram/webhook", secret_token=world.secret,
            allowed_updates=ALLOWED_UPDATES, max_connections=100,
        )  # fmt: skip
        yield world


def _plain(item: Mapping[str, Any]) -> Row:
    read = TypeDeserializer().deserialize
    return {name: read(value) for name, value in item.items()}


def _stretched(seconds: float, slow: float) -> int:
    return math.ceil(seconds * slow)


def _visibility_s(slow: float) -> int:
    return _stretched(REPLY_S, slow) + 4


def _with_short_timeouts(template: Template, pace: Pace, slow: float) -> Template:
    """The same resources with shorter timeouts, so that a dead worker's jobs come back in seconds, not minutes."""
    reply_s = _stretched(REPLY_S, slow)
    queues = tuple(
        replace(queue, attributes={**queue.attributes, "VisibilityTimeout": str(_visibility_s(slow))})
        if queue.fifo
        else queue
        for queue in template.queues
    )
    functions = tuple(
        replace(
            function,
            timeout=reply_s if function.queue_mappings else _stretched(function.timeout, slow),
            queue_mappings=tuple(
                replace(mapping, batch_size=pace.batch_size, maximum_concurrency=pace.workers)
                for mapping in function.queue_mappings
            ),
        )
        for function in template.functions
    )
    return replace(template, queues=queues, functions=functions)


def _max_concurrency(function: Function, pace: Pace) -> int:
    return pace.workers + len(function.schedules) if function.queue_mappings else 4


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
