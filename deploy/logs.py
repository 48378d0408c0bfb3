"""`make logs`: the lines of all functions in one stream, by time or by correlation id."""

import argparse
import json
import re
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from deploy.account import Account, client
from deploy.stack import live
from deploy.terminal import StoppedError, parser, run, say

GROUPS = {
    "WebhookLogs": "webhook",
    "WebappSelectLogs": "picker",
    "LlmReplyLogs": "reply",
    "CardFilesLogs": "files",
    "AnalyticsLogs": "analytics",
}
UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
# Telegram's update ids and API Gateway's request ids. No character of theirs can end the filter pattern.
CORRELATION_ID = re.compile(r"[A-Za-z0-9=_-]{1,64}")
EVERY_S = 2
# CloudWatch shows a line up to some seconds late, and not always in order.
LATE_MS = 15_000
# Fields of every line that add nothing to its place and time.
USUAL = {"level", "location", "message", "timestamp", "service", "correlation_id", "_aws", "exception_name"}


@dataclass(frozen=True, order=True)
class Line:
    at_ms: int
    id: str
    function: str
    text: str

    def shown(self) -> str:
        at = datetime.fromtimestamp(self.at_ms / 1000, UTC).strftime("%Y-%m-%d %H:%M:%S")
        return f"{at} {self.function:<9} {readable(self.text)}"


def readable(text: str) -> str:
    """A JSON line as words; any other line unchanged."""
    try:
        fields: dict[str, Any] = json.loads(text)
    except ValueError:
        return text.rstrip()
    if not isinstance(fields, dict):
        return text.rstrip()
    # Lambda's own line about a failed invocation.
    of_lambda = str(fields.get("type", "")).startswith("platform.")
    level, said = fields.get("level", "LAMBDA" if of_lambda else "METRICS"), fields.get("message", "")
    rest = {name: _plain(value) for name, value in fields.items() if name not in USUAL}
    facts = " ".join(f"{name}={value}" for name, value in rest.items())
    return " ".join(filter(None, (f"{level:<8}", fields.get("correlation_id", "-"), str(said), facts)))


def _plain(value: object) -> object:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def since_ms(text: str, now_ms: int) -> int:
    """:raises StoppedError: the text is no time like 15m"""
    found = re.fullmatch(r"([0-9]{1,5})([smhd])", text)
    if not found:
        raise StoppedError(f"--since takes a time like 30s, 15m, 2h or 7d, not {text!r}.")
    return now_ms - int(found[1]) * UNITS[found[2]] * 1000


def read(groups: dict[str, str], start_ms: int, correlation_id: str | None) -> list[Line]:
    """:param groups: log groups by the name to show

    CloudWatch's filter pattern saves reading lines of other updates. Its emulators ignore it, so this filters again.
    """
    pattern = {"filterPattern": f'{{ $.correlation_id = "{correlation_id}" }}'} if correlation_id else {}
    return sorted(
        Line(event["timestamp"], event.get("eventId", ""), function, event["message"])
        for function, group in groups.items()
        for page in client("logs")
        .get_paginator("filter_log_events")
        .paginate(logGroupName=group, startTime=start_ms, **pattern)
        for event in page["events"]
        if _is_about(event["message"], correlation_id)
    )


def _is_about(text: str, correlation_id: str | None) -> bool:
    if correlation_id is None:
        return True
    try:
        fields = json.loads(text)
    except ValueError:
        return False
    return isinstance(fields, dict) and fields.get("correlation_id") == correlation_id


def follow(groups: dict[str, str], start_ms: int, correlation_id: str | None) -> Iterator[Line]:
    """Each line once, without end."""
    seen: dict[Line, None] = {}
    while True:
        for line in read(groups, start_ms, correlation_id):
            if line not in seen:
                seen[line] = None
                yield line
        latest = max((line.at_ms for line in seen), default=start_ms)
        start_ms = max(start_ms, latest - LATE_MS)
        seen = {line: None for line in seen if line.at_ms >= start_ms}
        time.sleep(EVERY_S)


def main(options: argparse.Namespace) -> None:
    if options.id and not CORRELATION_ID.fullmatch(options.id):
        raise StoppedError("--id takes an update's id, as the logs show it.")
    start_ms = since_ms(options.since, round(time.time() * 1000))
    Account.open()
    names = live(options.stack).resources()
    groups = {function: names[group] for group, function in GROUPS.items()}
    if options.follow:
        for line in follow(groups, start_ms, options.id):
            say(line.shown())
    lines = read(groups, start_ms, options.id)
    for line in lines:
        say(line.shown())
    if not lines:
        say(f"Nothing was logged in the last {options.since}{f' about {options.id}' if options.id else ''}.")


if __name__ == "__main__":
    known = parser("logs", "The lines of all functions in one stream.")
    known.add_argument("--since", default="15m", help="how far back: 30s, 15m, 2h, 7d (%(default)s)")
    known.add_argument("--id", help="only lines with this correlation id, an update's id")
    known.add_argument("--follow", action="store_true", help="wait for new lines until Ctrl-C")
    sys.exit(run(main, known.parse_args()))
