"""MiniStack as a child process, run by the emulator's own Python: `python -I` this file.

It adds four things to MiniStack's own command:
- It ends with the parent process, even if that is killed: its standard input is a pipe from the parent, which closes.
- With STATE_DIR it saves tables, queues and stream records soon after each change, not only at the end.
- It accepts alarms on an expression and saved log queries in a stack. The alarms never go off; the queries never run.
- A stack's rollback or deletion can't delete a table with deletion protection, as in AWS.
"""

# mypy: disable-error-code="import-not-found, no-any-return"
# MiniStack and its server are in .venv-emulator, which mypy does not see.
# ruff: noqa: SLF001 - MiniStack has no public way to save; it is pinned exactly, and tests/local tests this

import asyncio
import copy
import os
import signal
import sys
import threading
import time
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from hypercorn.asyncio import serve
from hypercorn.config import Config
from ministack import app as ministack
from ministack.core.persistence import PERSIST_STATE, save_all
from ministack.services import dynamodb, dynamodb_streams
from ministack.services.cloudformation import provisioners

READ_ACTIONS = ("Get", "List", "Describe", "Query", "Scan", "BatchGet", "TransactGet", "Receive")
SECONDS_BETWEEN_SAVES = 0.5
MAX_SHARE_OF_TIME_SAVING = 0.05
SECONDS_TO_SHUT_DOWN = 8

Scope = MutableMapping[str, Any]
Channel = Callable[..., Awaitable[Any]]


def stream_state() -> dict[str, Any]:
    return {
        "records": copy.deepcopy(dynamodb._stream_records),
        "trimmed": copy.deepcopy(dynamodb._stream_trimmed),
    }


def restore_stream_state(state: dict[str, Any]) -> None:
    dynamodb._stream_records.update(state["records"])
    dynamodb._stream_trimmed.update(state["trimmed"])


class PersistingApp:
    """MiniStack's ASGI app, with a save soon after each request that may have changed data."""

    def __init__(self) -> None:
        self._changed = asyncio.Event()

    async def __call__(self, scope: Scope, receive: Channel, send: Channel) -> None:
        await ministack.app(scope, receive, send)
        if scope["type"] == "http" and _may_change(scope):
            self._changed.set()

    async def save_after_changes(self) -> None:
        pause = SECONDS_BETWEEN_SAVES
        while True:
            await self._changed.wait()
            await asyncio.sleep(pause)
            self._changed.clear()
            started = time.monotonic()
            save_all(ministack._build_persistence_save_dict())
            spent = time.monotonic() - started
            pause = max(SECONDS_BETWEEN_SAVES, spent / MAX_SHARE_OF_TIME_SAVING)


def _may_change(scope: Scope) -> bool:
    target = dict(scope["headers"]).get(b"x-amz-target", b"").decode()
    return bool(target) and not target.rpartition(".")[2].startswith(READ_ACTIONS)


def alarm_on_metric_or_expression(name: str, properties: dict[str, Any]) -> dict[str, Any]:
    if "Metrics" in properties:
        rest = {key: value for key, value in properties.items() if key != "Metrics"}
        properties = {**rest, "Namespace": "Expression", "MetricName": name}
    return alarm_on_one_metric(name, properties)


def make_log_query(logical_id: str, properties: dict[str, Any], stack: str) -> tuple[str, dict[str, str]]:
    del properties
    name = f"{stack}-{logical_id}"
    return name, {"QueryDefinitionId": name}


def delete_table(name: str, properties: dict[str, Any]) -> None:
    """:raises ValueError: the table is protected; the stack's rollback or deletion then ends as failed"""
    # A template's parameter makes it a word.
    if str(dynamodb._tables.get(name, {}).get("DeletionProtectionEnabled")).lower() == "true":
        raise ValueError(f"Resource cannot be deleted as it is currently protected against deletion: table {name}")
    delete_any_table(name, properties)


def end_with_parent() -> None:
    while os.read(sys.stdin.fileno(), 1024):
        pass
    os.kill(os.getpid(), signal.SIGTERM)
    time.sleep(SECONDS_TO_SHUT_DOWN)
    os._exit(1)


async def main() -> None:
    config = Config()
    config.bind = [f"{os.environ['BIND_HOST']}:{os.environ['GATEWAY_PORT']}"]
    config.graceful_timeout = 1
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    threading.Thread(target=end_with_parent, daemon=True).start()
    emulator = PersistingApp()
    saving = asyncio.create_task(emulator.save_after_changes()) if PERSIST_STATE else None
    await serve(emulator, config, shutdown_trigger=stop.wait)
    if saving:
        saving.cancel()


if __name__ == "__main__":
    dynamodb_streams.get_state = stream_state
    dynamodb_streams.load_persisted_state = restore_stream_state
    alarm_on_one_metric = provisioners._cw_metric_alarm_record
    provisioners._cw_metric_alarm_record = alarm_on_metric_or_expression
    provisioners._RESOURCE_HANDLERS["AWS::Logs::QueryDefinition"] = {
        "create": make_log_query,
        "delete": lambda _name, _properties: None,
    }
    tables = provisioners._RESOURCE_HANDLERS["AWS::DynamoDB::Table"]
    delete_any_table = tables["delete"]
    tables["delete"] = delete_table
    asyncio.run(main())
