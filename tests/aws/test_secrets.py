"""Functions that start while SSM answers, throttles or knows nothing, each in a process of its own."""

import asyncio
import json
import os
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from local.emulator import ROOT
from publishing.template_file import load_yaml
from tests.deployment.permissions import functions

# Imports a function and answers events, one per line.
PROGRAM = """
import importlib, json, sys

class Context:
    function_name = memory_limit_in_mb = invoked_function_arn = aws_request_id = "test"
    get_remaining_time_in_millis = staticmethod(lambda: 57_000)

real, sys.stdout = sys.stdout, sys.stderr
handler = importlib.import_module(sys.argv[1]).handler
for line in sys.stdin:
    print(json.dumps(handler(json.loads(line), Context)), file=real, flush=True)
"""
PARAMETERS = load_yaml(ROOT / "template.yaml")["Parameters"]
WEBHOOK_INFO = {"url": "https://example.com/", "has_custom_certificate": False, "pending_update_count": 0}
VALUES = {
    "webhook-secret": "local-secret", "telegram-bot-token": "1:test", "openai-api-key": "test",
    "pseudonym-key": "k" * 43, "amplitude-api-key": "test",
}  # fmt: skip
TEXT = json.loads((ROOT / "events" / "webhook_text.json").read_bytes())
BATCH = json.loads((ROOT / "events" / "reply_answer.json").read_bytes())


@dataclass
class Cloud:
    """SSM with as many throttled answers before the first good one as a test wants, and no parameters but `known`;
    a DynamoDB and an SQS that accept everything; and a Telegram with a webhook.
    """

    throttled: int = 0
    known: dict[str, str] = field(default_factory=lambda: dict(VALUES))
    calls: Counter[str] = field(default_factory=Counter)
    hidden: list[int] = field(default_factory=list)
    url: str = ""

    async def answer(self, request: web.Request) -> web.Response:
        action = request.headers.get("X-Amz-Target", "").rpartition(".")[2] or request.method
        self.calls[action] += 1
        asked = await request.json() if request.can_read_body else {}
        if action == "ChangeMessageVisibilityBatch":
            self.hidden += [entry["VisibilityTimeout"] for entry in asked["Entries"]]
        if request.path.endswith("/getWebhookInfo"):
            return web.json_response({"ok": True, "result": WEBHOOK_INFO})
        if action != "GetParameters":
            return web.json_response({})
        if self.throttled > 0:
            self.throttled -= 1
            return web.json_response({"__type": "ThrottlingException", "message": "Rate exceeded"}, status=400)
        known = [name for name in asked["Names"] if name.rpartition("/")[2] in self.known]
        found = [{"Name": name, "Value": self.known[name.rpartition("/")[2]]} for name in known]
        missing = [name for name in asked["Names"] if name not in known]
        return web.json_response({"Parameters": found, "InvalidParameters": missing})


@asynccontextmanager
async def serving(cloud: Cloud) -> AsyncIterator[None]:
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", cloud.answer)
    runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    cloud.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield
    await runner.cleanup()


@dataclass
class Function:
    process: asyncio.subprocess.Process

    async def answers(self, event: Any) -> Any:
        assert self.process.stdin
        assert self.process.stdout
        self.process.stdin.write(json.dumps(event).encode() + b"\n")
        return json.loads(await self.process.stdout.readline())


def told_value(name: str, value: Any, cloud: Cloud) -> str:
    """A parameter's own name, its default unless that is an address, a literal as it is; for the rest the cloud's
    address.
    """
    if name.endswith("_PARAMETER"):
        return str(value["Fn::Sub"]).replace("${AWS::StackName}", "test")
    if isinstance(value, str):
        return value
    default = str(PARAMETERS.get(value.get("Ref"), {}).get("Default", cloud.url))
    return cloud.url if default.startswith("https://") else default


@asynccontextmanager
async def started(function: str, module: str, cloud: Cloud, **told: str) -> AsyncIterator[Function]:
    told_by_template = functions()[function]["Environment"]["Variables"]
    variables = {name: told_value(name, value, cloud) for name, value in told_by_template.items()}
    environment = {
        **{name: os.environ[name] for name in OF_THE_MACHINE if name in os.environ},
        **variables, "AWS_ENDPOINT_URL": cloud.url,
        "AWS_REGION": "us-east-1", "AWS_DEFAULT_REGION": "us-east-1", "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test", "POWERTOOLS_SERVICE_NAME": "test", "POWERTOOLS_METRICS_NAMESPACE": "Test",
        **told,
    }  # fmt: skip
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-c", PROGRAM, module, cwd=ROOT, env=environment,
        stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        yield Function(process)
    finally:
        assert process.stdin
        process.stdin.close()
        await process.wait()


# No setting of a stack that this process may run.
OF_THE_MACHINE = ("PATH", "HOME", "LANG")
IN_LAMBDA = {"AWS_LAMBDA_FUNCTION_NAME": "test"}
WEBHOOK = ("WebhookFunction", "functions.webhook.app")
REPLY = ("LlmReplyFunction", "functions.llm_reply.app")
CLOCK = {"source": "aws.events"}
# botocore asks three times before it gives up.
TRIES = 3


async def test_the_secrets_of_a_function_come_with_one_request_while_it_starts() -> None:
    cloud = Cloud()
    async with serving(cloud), started(*REPLY, cloud, **IN_LAMBDA) as reply:
        assert await reply.answers(CLOCK) == {}
    assert cloud.calls["GetParameters"] == 1


async def test_the_first_connections_are_opened_while_the_function_starts() -> None:
    cloud = Cloud()
    async with serving(cloud), started(*WEBHOOK, cloud, **IN_LAMBDA) as webhook:
        assert await webhook.answers(CLOCK) == {}
    assert cloud.calls == {"GetParameters": 1, "GetItem": 1, "SendMessageBatch": 1}


async def test_a_function_that_is_imported_on_a_laptop_touches_no_network() -> None:
    cloud = Cloud()
    async with serving(cloud), started(*WEBHOOK, cloud) as webhook:
        assert await webhook.answers(CLOCK) == {}
    assert cloud.calls == {}


async def test_the_webhook_starts_while_ssm_throttles_and_answers_503_until_it_has_its_secret() -> None:
    cloud = Cloud(throttled=2 * TRIES)
    async with serving(cloud), started(*WEBHOOK, cloud, **IN_LAMBDA) as webhook:
        assert (await webhook.answers(TEXT))["statusCode"] == 503
        assert cloud.calls["PutItem"] == 0
        assert (await webhook.answers(TEXT))["statusCode"] == 200
    assert cloud.calls["PutItem"] == 1


async def test_a_secret_that_nobody_stored_is_asked_for_again_with_the_next_request() -> None:
    cloud = Cloud(known={})
    async with serving(cloud), started(*WEBHOOK, cloud, **IN_LAMBDA) as webhook:
        assert (await webhook.answers(TEXT))["statusCode"] == 503
        cloud.known = VALUES
        assert (await webhook.answers(TEXT))["statusCode"] == 200


async def test_a_throttle_that_is_over_soon_is_not_noticed() -> None:
    cloud = Cloud(throttled=TRIES - 1)
    async with serving(cloud), started(*WEBHOOK, cloud, **IN_LAMBDA) as webhook:
        assert (await webhook.answers(TEXT))["statusCode"] == 200


async def test_a_batch_stays_on_the_queue_untouched_while_the_reply_function_has_no_secrets() -> None:
    cloud = Cloud(known={})
    async with serving(cloud), started(*REPLY, cloud, **IN_LAMBDA) as reply:
        left = await reply.answers(BATCH)
    assert left == {"batchItemFailures": [{"itemIdentifier": record["messageId"]} for record in BATCH["Records"]]}
    assert all(0 < seconds <= 60 for seconds in cloud.hidden)
    assert len(cloud.hidden) == len(BATCH["Records"])
    assert cloud.calls.keys().isdisjoint({"Query", "UpdateItem"})
