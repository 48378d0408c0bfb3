"""A schedule of template.yaml, run on one machine."""

import re
from pathlib import Path
from typing import Any

import pytest

from local.aws import Aws
from local.invocation import LocalFunction
from local.mappings.schedule import Timer
from local.template import Schedule, TemplateError
from tests.local.stack import Stack, until, write_template

Event = dict[str, Any]
OFTEN_S = 0.02


def template(properties: str = "{Schedule: rate(15 minutes)}") -> str:
    return f"""
        Resources:
          Work:
            Type: AWS::Serverless::Function
            Properties:
              Handler: work.handler
              Events: {{Look: {{Type: Schedule, Properties: {properties}}}}}
        """


@pytest.mark.parametrize(
    ("rate", "seconds"), [("rate(1 minute)", 60), ("rate(15 minutes)", 900), ("rate(2 hours)", 7200)]
)
def test_a_rate_is_read(tmp_path: Path, rate: str, seconds: int) -> None:
    (function,) = write_template(tmp_path, template(f"{{Schedule: {rate}}}")).functions
    assert function.schedules == (Schedule("Look", seconds),)


def test_a_disabled_schedule_is_skipped(tmp_path: Path) -> None:
    (function,) = write_template(tmp_path, template("{Schedule: rate(1 day), Enabled: false}")).functions
    assert function.schedules == ()


@pytest.mark.parametrize(
    ("properties", "message"),
    [
        ("{}", "Look: Properties: Schedule is missing, a text is expected"),
        (
            "{Schedule: 'cron(0 4 * * ? *)'}",
            r"Schedule is 'cron.*', rate\(<number> minutes, hours or days\) is expected",
        ),
        ("{Schedule: rate(0 minutes)}", "Schedule is 'rate.0 minutes.', rate"),
        ("{Schedule: rate(1 minute), Input: '{}'}", "Look: Properties: Input of a schedule does not run here"),
    ],
)
def test_an_unsupported_schedule_is_named(tmp_path: Path, properties: str, message: str) -> None:
    with pytest.raises(TemplateError, match=message):
        write_template(tmp_path, template(properties))


async def test_the_function_gets_eventbridges_event_again_and_again(tmp_path: Path, aws: Aws) -> None:
    events: list[Event] = []
    stack = Stack.of(tmp_path, aws, template(), lambda event, _context: events.append(event))
    async with stack.running(max_wait_seconds=OFTEN_S):
        await until(lambda: len(events) > 2)
    event = events[0]
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ", event.pop("time"))
    assert event.pop("id") != events[1]["id"]
    assert event == {
        "version": "0",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "region": "us-east-1",
        "resources": ["arn:aws:events:us-east-1:000000000000:rule/WorkLook"],
        "detail": {},
    }


async def test_the_schedule_goes_on_after_a_failed_invocation(tmp_path: Path, aws: Aws) -> None:
    attempts: list[Event] = []

    def handle(event: Event, _context: object) -> None:
        attempts.append(event)
        raise RuntimeError("broken")

    stack = Stack.of(tmp_path, aws, template(), handle)
    async with stack.running(max_wait_seconds=OFTEN_S):
        await until(lambda: len(attempts) > 1)


async def test_a_stopped_schedule_invokes_nothing(tmp_path: Path, aws: Aws) -> None:
    events: list[Event] = []
    stack = Stack.of(tmp_path, aws, template(), lambda event, _context: events.append(event))
    (function,) = stack.functions
    timer = Timer(function.function.schedules[0], function, OFTEN_S)
    timer.stop()
    await timer.run()
    assert events == []


def test_a_shorter_rate_in_the_template_is_kept(tmp_path: Path) -> None:
    (function,) = write_template(tmp_path, template("{Schedule: rate(1 minute)}")).functions
    timer = Timer(function.schedules[0], LocalFunction(function, lambda _event, _context: None), 3600)
    assert timer.wait_seconds == 60
