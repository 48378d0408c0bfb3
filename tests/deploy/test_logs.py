"""`make logs` shows the lines of all functions in order of time, or those of a single update."""

import json
import time
from typing import Any

from deploy.logs import readable
from tests.deploy.account import World


def write(world: World, group: str, *lines: tuple[int, Any]) -> None:
    logs = world.client("logs")
    logs.create_log_stream(logGroupName=group, logStreamName="s")
    events = [
        {"timestamp": at, "message": line if isinstance(line, str) else json.dumps(line)} for at, line in sorted(lines)
    ]
    logs.put_log_events(logGroupName=group, logStreamName="s", logEvents=events)


async def test_lines_of_all_functions_come_in_order_and_one_update_can_be_followed(world: World) -> None:
    names, now = world.create_stack(), round(time.time() * 1000)
    write(
        world,
        names["WebhookLogs"],
        (now - 5000, {"TurnsReceived": [1.0], "correlation_id": "7", "_aws": {"Timestamp": 1}}),
        (now - 7_200_000, {"level": "ERROR", "message": "Long ago"}),
        (now - 3000, {"type": "platform.report", "record": {"status": "timeout"}}),
    )
    write(
        world,
        names["LlmReplyLogs"],
        (now - 4000, {"level": "WARNING", "message": "No answer", "failure": "model_timeout", "correlation_id": "7"}),
        (now - 6000, {"level": "WARNING", "message": "Telegram refused", "correlation_id": "8"}),
    )

    everything = (await world.run("deploy.logs")).said.splitlines()
    one = (await world.run("deploy.logs", "--id", "7")).said.splitlines()

    assert [line[20:] for line in everything] == [
        "reply     WARNING  8 Telegram refused",
        "webhook   METRICS  7 TurnsReceived=1.0",
        "reply     WARNING  7 No answer failure=model_timeout",
        "webhook   LAMBDA   - type=platform.report record={'status': 'timeout'}",
    ]
    assert one == everything[1:3]
    assert "Nothing was logged" in (await world.run("deploy.logs", "--id", "9")).said


async def test_a_malformed_time_or_id_is_refused(world: World) -> None:
    assert "--since takes a time" in (await world.run("deploy.logs", "--since", "yesterday")).complained
    assert "--id takes" in (await world.run("deploy.logs", "--id", '" || $.x = "')).complained


def test_a_line_that_is_no_json_is_shown_as_it_stands() -> None:
    assert readable("Task timed out after 90.00 seconds\n") == "Task timed out after 90.00 seconds"
    assert readable("[1, 2]") == "[1, 2]"
