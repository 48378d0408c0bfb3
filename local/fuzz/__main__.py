"""Sends malformed requests to the webhook and the Mini App's API, and counts the answers: docs/security.md.

python -m local.fuzz [REQUESTS] [SEED]
"""

import asyncio
import importlib
import io
import logging
import os
import sys
import tempfile
import time
from collections import Counter
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

from local import settings
from local.aws import Aws
from local.emulator import ROOT, Emulator
from local.fuzz.generator import CANARY, Event, Generator
from local.invocation import LambdaContext
from local.resources import create_resources, environment
from local.template import read_template

REQUESTS, SEED = 50_000, 1
MAX_SHOWN = 10
# The webhook answers so to an outage only, and the emulator has none.
MIN_SERVER_ERROR = 500


def main() -> int:
    requests, seed = (int(given) if given else usual for given, usual in zip(_given(), (REQUESTS, SEED), strict=True))
    with tempfile.TemporaryDirectory() as folder, Emulator.start(Path(folder) / "emulator.log") as emulator:
        given = settings.read({"PORT": "8000"}).functions
        aws, template = Aws.at(emulator.endpoint_url), read_template(ROOT / "template.yaml")
        os.environ.update(environment(template, create_resources(template, aws), aws, given))
        found = asyncio.run(_fuzz(Generator(seed, given["WEBHOOK_SECRET"], given["TELEGRAM_BOT_TOKEN"]), requests))
    statuses, bad = found
    print(f"{requests} requests, seed {seed}: " + ", ".join(f"{n} x {s}" for s, n in sorted(statuses.items())))
    for line in bad[:MAX_SHOWN]:
        print(line)
    print(f"{len(bad)} were answered by an error of ours, or left their payload in the log")
    return 1 if bad else 0


def _given() -> list[str | None]:
    return [*sys.argv[1:3], None, None][:2]


async def _fuzz(generator: Generator, requests: int) -> tuple[Counter[int], list[str]]:
    handlers = {
        "/telegram/webhook": importlib.import_module("functions.webhook.app").handler,
        "/api": importlib.import_module("functions.webapp_select.app").handler,
    }
    statuses: Counter[int] = Counter()
    bad = []
    for number in range(requests):
        event = generator.webhook_or_api()
        handler = next(found for path, found in handlers.items() if event["rawPath"].startswith(path))
        status, log = _answered(handler, event)
        statuses[status] += 1
        if status >= MIN_SERVER_ERROR or CANARY in log:
            bad.append(f"request {number}, {event['rawPath']}: {status}{', payload in the log' * (CANARY in log)}")
    return statuses, bad


def _answered(handler: Any, event: Event) -> tuple[int, str]:
    """The status and the log lines. An exception counts as 500, as API Gateway would answer."""
    log = io.StringIO()
    troupe_logger = importlib.import_module("troupe.observability").logger
    before = troupe_logger.registered_handler.setStream(log)
    others = logging.StreamHandler(log)
    logging.getLogger().addHandler(others)
    try:
        with redirect_stdout(log):
            status = int(handler(event, _context())["statusCode"])
    except Exception as error:  # noqa: BLE001 - whatever it is, it is a finding
        status = 599
        log.write(type(error).__name__)
    finally:
        logging.getLogger().removeHandler(others)
        troupe_logger.registered_handler.setStream(before)
    return status, log.getvalue()


def _context() -> LambdaContext:
    arn = "arn:aws:lambda:us-east-1:000000000000:function:fuzz"
    return LambdaContext("fuzz", "256", arn, "fuzz", "fuzz", "fuzz", time.monotonic() + 30)


if __name__ == "__main__":
    sys.exit(main())
