"""A function in a process of its own, fed with one event after another.

    python -IS work.py FOLDERS MODULE [time | count]

Prints a line when the module is imported. Then reads a JSON event per line, and prints, per event, a JSON object: the
handler's answer, CPU and wall seconds, the bytes that it logged; and the calls of AWS: [service, operation, began,
ended, bytes sent, units], the times in seconds since 1970. Units are 0 without `count`, which takes time of its own.
"""

import contextvars
import importlib
import io
import json
import math
import sys
import time
from typing import Any

UNIT_READ, UNIT_WRITTEN = 4096, 1024
COUNTING = "count" in sys.argv[3:]

real, sys.stdout = sys.stdout, io.StringIO()
sys.path[:0] = sys.argv[1].split(":")
module = importlib.import_module(sys.argv[2])

calls: list[list[Any]] = []
going: contextvars.ContextVar[list[Any]] = contextvars.ContextVar("going")
recounting: contextvars.ContextVar[bool] = contextvars.ContextVar("recounting", default=False)


class Context:
    """The attributes of Lambda's context that the handlers read."""

    function_name = "bench"
    memory_limit_in_mb = "256"
    invoked_function_arn = "arn:aws:lambda:us-east-1:000000000000:function:bench"
    aws_request_id = "bench"

    @staticmethod
    def get_remaining_time_in_millis() -> int:
        return 57_000


def began(model: Any, params: Any, **_: Any) -> None:
    service, operation = model.service_model.service_name, model.name
    call = [service, operation, time.time(), 0.0, len(params["body"]), 0.0, params["body"]]
    going.set(call)


def ended(parsed: Any, **_: Any) -> None:
    if recounting.get():
        return
    call = going.get()
    call[3] = time.time()
    body = call.pop()
    call[5] = units(call[1], body, parsed) if COUNTING else 0
    calls.append(call)


def units(operation: str, body: bytes | str, parsed: dict[str, Any]) -> float:
    """Request units as DynamoDB bills them: by the size of items, half as much for reads that may be a moment old."""
    asked = json.loads(body)
    share = 1 if asked.get("ConsistentRead") else 0.5
    match operation:
        case "PutItem":
            return math.ceil(size(asked["Item"]) / UNIT_WRITTEN)
        case "UpdateItem":
            # A refused write bills its item's size as well; here nothing is refused.
            return max(1, math.ceil(size(parsed.get("Attributes", {})) / UNIT_WRITTEN))
        case "GetItem":
            return share * read(parsed.get("Item", {}))
        case "BatchGetItem":
            return sum(
                units_of(kind, parsed["Responses"].get(table, [])) for table, kind in asked["RequestItems"].items()
            )
        case "Query":
            return share * max(1, math.ceil(read_by(asked) / UNIT_READ))
    return 0


def units_of(asked: dict[str, Any], items: list[dict[str, Any]]) -> float:
    """Counts the reads of one table's part of a batch. DynamoDB bills a missing row as well."""
    missing = len(asked["Keys"]) - len(items)
    return (1 if asked.get("ConsistentRead") else 0.5) * (missing + sum(map(read, items)))


def read(item: dict[str, Any]) -> int:
    return max(1, math.ceil(size(item) / UNIT_READ))


def read_by(asked: dict[str, Any]) -> int:
    """Bytes that a query reads: whole items, whatever its filter and its projection leave of them."""
    asked.pop("FilterExpression", None)
    asked.pop("ProjectionExpression", None)
    used = asked["KeyConditionExpression"]
    for kind in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
        asked[kind] = {name: value for name, value in asked.get(kind, {}).items() if name in used}
    token = recounting.set(True)
    try:
        return sum(map(size, clients("dynamodb").query(**asked)["Items"]))
    finally:
        recounting.reset(token)


def size(item: dict[str, Any]) -> int:
    """Names and values in UTF-8; a number is near half its digits and one byte, any other kind near its JSON."""
    return sum(len(name.encode()) + value_size(value) for name, value in item.items())


def value_size(value: dict[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "N":
        return len(content) // 2 + 1
    return len(content.encode()) if isinstance(content, str) else len(json.dumps(content))


def clients(service: str) -> Any:
    return importlib.import_module("troupe.aws").client(service)


def watch() -> None:
    for service in ("dynamodb", "sqs"):
        events = clients(service).meta.events
        events.register("before-call", began)
        events.register("after-call", ended)


def main() -> None:
    if sys.argv[3:]:
        watch()
    print("{}", file=real, flush=True)
    for line in sys.stdin:
        logged = sys.stdout.tell()
        calls.clear()
        cpu, wall = time.process_time(), time.time()
        answer = module.handler(json.loads(line), Context)
        did = {
            "answer": answer,
            "cpu_s": time.process_time() - cpu,
            "began": wall,
            "wall_s": time.time() - wall,
            "log_bytes": sys.stdout.tell() - logged,
            "calls": calls,
        }
        print(json.dumps(did), file=real, flush=True)


main()
