"""The charges of an AWS account in a month without messages: at list prices, and after the free allowances."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from artefacts.package import ROOT
from bench.cost import MB_PER_GB, MONTH_S, Prices
from local.template import Function, read_template
from publishing.template_file import load_yaml


@dataclass(frozen=True)
class Declared:
    """The parts of the templates that run, or are billed, without a message. Scheduled invocations: per month, by the
    memory in MB of the function that they invoke. A look is a scheduled invocation whose function reads a queue.
    """

    polled_queues: int
    strikes: Mapping[int, float]
    looks: float
    alarm_metrics: int
    dashboards: int

    @classmethod
    def read(cls, template: Path = ROOT / "template.yaml", monitoring: Path = ROOT / "monitoring.yaml") -> "Declared":
        functions = read_template(template).functions
        by_clock = [(each, MONTH_S / schedule.every_seconds) for each in functions for schedule in each.schedules]
        resources = load_yaml(monitoring)["Resources"].values()
        alarms = [each["Properties"] for each in resources if each["Type"] == "AWS::CloudWatch::Alarm"]
        return cls(
            polled_queues=sum(len(each.queue_mappings) for each in functions),
            strikes=_by_memory(by_clock),
            looks=sum(strikes for each, strikes in by_clock if each.queue_mappings),
            alarm_metrics=sum(map(_metrics, alarms)),
            dashboards=sum(each["Type"] == "AWS::CloudWatch::Dashboard" for each in resources),
        )


def _by_memory(by_clock: Iterable[tuple[Function, float]]) -> Mapping[int, float]:
    found: dict[int, float] = defaultdict(float)
    for function, strikes in by_clock:
        found[function.memory] += strikes
    return found


def _metrics(alarm: Mapping[str, Any]) -> int:
    """Counts the metrics that an alarm reads. AWS bills each metric, and no expression over them."""
    return sum("MetricStat" in each for each in alarm["Metrics"]) if "Metrics" in alarm else 1


@dataclass(frozen=True)
class Item:
    name: str
    price: str
    amount: float

    def dollars(self, prices: Prices) -> float:
        return self.amount * prices.dollars(self.price)

    def after_free(self, prices: Prices) -> float:
        return max(0.0, self.amount - prices.free(self.price)) * prices.dollars(self.price)


def items(prices: Prices, declared: Declared) -> list[Item]:
    polls = declared.polled_queues * prices.assumed("pollers") * MONTH_S / prices.assumed("poll_s")
    strikes = sum(declared.strikes.values())
    seconds = strikes * prices.assumed("strike_s")
    gb_seconds = sum(mb * times for mb, times in declared.strikes.items()) * prices.assumed("strike_s") / MB_PER_GB
    return [
        Item(f"{polls + declared.looks:,.0f} empty receives", "fifo_request", polls + declared.looks),
        Item(f"{strikes:,.0f} scheduled invocations", "schedule_invocation", strikes),
        Item("the invocations they lead to", "lambda_request", strikes),
        Item(f"{seconds:,.0f} s of them", "lambda_gb_second", gb_seconds),
        Item(f"{declared.alarm_metrics} metrics that alarms read", "alarm_month", declared.alarm_metrics),
        Item(f"{declared.dashboards} dashboard", "dashboard_month", declared.dashboards),
    ]


def rows(prices: Prices, declared: Declared) -> list[list[str]]:
    """Rows of the table, with the total last."""
    found = items(prices, declared)
    lines = [[each.name, f"{each.dollars(prices):.2f}", f"{each.after_free(prices):.2f}"] for each in found]
    whole = sum(each.dollars(prices) for each in found), sum(each.after_free(prices) for each in found)
    return [*lines, ["total", *(f"{dollars:.2f}" for dollars in whole)]]
