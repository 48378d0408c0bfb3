"""monitoring.yaml shows every metric that the code counts and no other, within CloudWatch's free allowances."""

import ast
import json
import re
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from bench.cost import Prices
from local.emulator import ROOT
from local.template import read_template
from publishing.template_file import load_yaml

OURS = "Troupe"
# AWS's own metrics: https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/aws-services-cloudwatch-metrics.html
OF_AWS = {
    "AWS/Lambda": {"Errors", "Throttles", "Duration", "IteratorAge", "ConcurrentExecutions"},
    "AWS/SQS": {"ApproximateAgeOfOldestMessage", "ApproximateNumberOfMessagesVisible"},
    "AWS/ApiGateway": {"5xx"},
    "AWS/DynamoDB": {"WriteThrottleEvents"},
}
# Free for every account: https://aws.amazon.com/cloudwatch/pricing/
FREE_ALARM_METRICS, FREE_DASHBOARD_METRICS = 10, 50
# Fields of log lines that CloudWatch and Lambda add.
FIELDS = {"@timestamp", "@message", "@log", "@type", "@duration", "@initDuration", "@maxMemoryUsed"}

Metric = tuple[str, str]


def calls(*names: str) -> Iterator[ast.Call]:
    for folder in ("functions", "troupe"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in names:
                    yield node


@cache
def emitted() -> dict[str, set[str]]:
    """Our metrics, each with the dimensions it has beside the service."""
    found: dict[str, set[str]] = {}
    for call in calls("count", "record_ms", "spent"):
        name = call.args[0]
        assert isinstance(name, ast.Constant), f"line {call.lineno}: a metric's name is written out"
        dimensions = {keyword.arg for keyword in call.keywords if keyword.arg not in {None, "value"}}
        found.setdefault(str(name.value), set()).update(filter(None, dimensions))
    return found


@pytest.fixture(scope="module")
def resources() -> dict[str, Any]:
    found: dict[str, Any] = load_yaml(ROOT / "monitoring.yaml")["Resources"]
    return found


@pytest.fixture(scope="module")
def dashboard(resources: dict[str, Any]) -> dict[str, Any]:
    body = resources["Dashboard"]["Properties"]["DashboardBody"]["Fn::Sub"]
    named = re.sub(r"\$\{(SpendPerHourLimit|ConcurrencyQuota)\}", "5", body)
    parsed: dict[str, Any] = json.loads(re.sub(r"\$\{(?:AWS::)?(\w+)(?:\.Arn)?\}", r"\1", named))
    return parsed


def alarms(resources: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {
        name: resource["Properties"]
        for name, resource in resources.items()
        if resource["Type"] == "AWS::CloudWatch::Alarm"
    }


def watched(alarm: dict[str, Any]) -> Iterator[tuple[Metric, dict[str, Any]]]:
    """The metrics of an alarm, each with its dimensions."""
    for each in alarm.get("Metrics", [{"MetricStat": {"Metric": alarm}}]):
        if metric := each.get("MetricStat", {}).get("Metric"):
            dimensions = {one["Name"]: one["Value"] for one in metric.get("Dimensions", [])}
            yield (metric["Namespace"], metric["MetricName"]), dimensions


def shown(dashboard: dict[str, Any]) -> Iterator[tuple[Metric, dict[str, str]]]:
    """The metrics of the dashboard, each with its dimensions."""
    for widget in dashboard["widgets"]:
        for row in widget["properties"].get("metrics", []):
            if isinstance(row[0], str):
                namespace, name, *dimensions = (part for part in row if isinstance(part, str))
                yield (namespace, name), dict(zip(dimensions[::2], dimensions[1::2], strict=True))


def log_widgets(dashboard: dict[str, Any]) -> list[str]:
    """The queries of the dashboard."""
    return [widget["properties"]["query"] for widget in dashboard["widgets"] if widget["type"] == "log"]


def asked_metrics(query: str) -> list[str]:
    return re.findall(r"`(\w+)\.0`", query)


def queries(resources: dict[str, Any], dashboard: dict[str, Any]) -> list[str]:
    saved = [each["Properties"]["QueryString"] for each in resources.values() if "QueryString" in each["Properties"]]
    return saved + log_widgets(dashboard)


def test_every_counted_metric_is_shown_and_every_shown_one_is_counted(
    resources: dict[str, Any], dashboard: dict[str, Any]
) -> None:
    on_dashboard = {metric for metric, _ in shown(dashboard)}
    asked_for = {(OURS, name) for query in log_widgets(dashboard) for name in asked_metrics(query)}
    in_alarms = {metric for alarm in alarms(resources).values() for metric, _ in watched(alarm)}
    of_aws = {(namespace, name) for namespace, names in OF_AWS.items() for name in names}

    assert on_dashboard | asked_for == {(OURS, name) for name in emitted()} | of_aws
    assert in_alarms <= on_dashboard


def test_metrics_are_looked_for_under_the_dimensions_they_have(
    resources: dict[str, Any], dashboard: dict[str, Any]
) -> None:
    known = emitted()
    for (namespace, name), values in shown(dashboard):
        if namespace == OURS:
            assert values.keys() <= {"service"} | known[name], name
    for alarm in alarms(resources).values():
        for (namespace, name), values in watched(alarm):
            if namespace == OURS:
                assert values.keys() <= {"service"} | known[name], name


def test_what_counts_as_refused_for_the_account_are_failures_that_exist() -> None:
    # Named where they are made, or in the table of the providers' errors.
    names = ("failures.py", "llm/error_table.py", "llm/errors.py")
    sources = [ROOT / "functions" / "llm_reply" / name for name in names]
    trees = [ast.walk(ast.parse(source.read_text(encoding="utf-8"))) for source in sources]
    failures = {each.value for tree in trees for each in tree if isinstance(each, ast.Constant)}
    source = (ROOT / "functions" / "llm_reply" / "outcome_metrics.py").read_text(encoding="utf-8")
    (kinds,) = (ast.literal_eval(node.value) for node in ast.parse(source).body if isinstance(node, ast.Assign))
    assert kinds
    assert kinds <= failures


def test_the_alarms_read_no_more_metrics_than_are_free(resources: dict[str, Any]) -> None:
    read = [metric for alarm in alarms(resources).values() for metric in watched(alarm)]
    assert len(read) <= FREE_ALARM_METRICS
    # No search and no query: each metric that they find is billed, and can't be counted here.
    expressions = [each["Expression"] for alarm in alarms(resources).values() for each in alarm.get("Metrics", [])]
    assert not re.search("SEARCH|SELECT", " ".join(expressions))


def test_the_dashboard_shows_no_more_metrics_than_are_free(dashboard: dict[str, Any]) -> None:
    assert len({(metric, *values.items()) for metric, values in shown(dashboard)}) <= FREE_DASHBOARD_METRICS
    assert not re.search("SEARCH|SELECT", json.dumps(dashboard))


def test_no_widget_of_the_dashboard_lies_on_another(dashboard: dict[str, Any]) -> None:
    cells = [
        (x, y)
        for widget in dashboard["widgets"]
        for x in range(widget["x"], widget["x"] + widget["width"])
        for y in range(widget["y"], widget["y"] + widget["height"])
    ]
    assert len(cells) == len(set(cells))
    assert max(x for x, _ in cells) < 24


def test_every_metric_of_our_own_is_explained_to_operators() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    assert [name for name in emitted() if f"`{name}`" not in page] == []


def test_the_estimate_of_what_aws_costs_uses_the_list_price_and_the_functions_memory(dashboard: dict[str, Any]) -> None:
    (widget,) = (
        each for each in dashboard["widgets"] if each["properties"].get("title", "").startswith("AWS, US dollars")
    )
    rows = [row[0] for row in widget["properties"]["metrics"] if isinstance(row[0], dict)]
    (functions,) = (row["expression"] for row in rows if row["id"] == "functions")
    (webhook,) = (each for each in read_template(ROOT / "template.yaml").functions if "webhook" in each.handler)

    seconds = Prices.read().dollars("lambda_gb_second")

    assert functions == f"(webhook * {webhook.memory} + reply * ReplyMemory) / 1024 / 1000 * {seconds:.10f}"


def test_a_share_is_the_average_of_a_metric_that_counts_successes_and_failures(resources: dict[str, Any]) -> None:
    """The code counts 1 for a failure and 0 for a success."""
    averages = {alarm["MetricName"] for alarm in alarms(resources).values() if alarm.get("Statistic") == "Average"}
    noughts = {
        call.args[0].value
        for call in calls("count")
        if len(call.args) > 1 and isinstance(call.args[0], ast.Constant) and ast.unparse(call.args[1]) == "0"
    }
    assert averages == noughts


def test_the_alarm_on_dead_letters_waits_for_two_looks(resources: dict[str, Any]) -> None:
    (reply,) = (each for each in read_template(ROOT / "template.yaml").functions if "llm_reply" in each.handler)
    (look,) = reply.schedules
    letters = resources["DeadLetters"]["Properties"]
    assert letters["Threshold"] > 2 * look.every_seconds + reply.timeout


def test_every_alarm_rings_is_on_the_dashboard_and_names_what_to_do(
    resources: dict[str, Any], dashboard: dict[str, Any]
) -> None:
    (widget,) = (widget for widget in dashboard["widgets"] if widget["type"] == "alarm")
    sections = headings(ROOT / "docs" / "operations.md")
    assert set(widget["properties"]["alarms"]) == alarms(resources).keys()
    for name, alarm in alarms(resources).items():
        assert alarm["AlarmActions"] == [{"Ref": "AlarmTopic"}], name
        assert alarm["TreatMissingData"] == "notBreaching", name
        (section,) = re.findall(r"docs/operations\.md#([a-z-]+)", alarm["AlarmDescription"])
        assert section in sections, name


def test_advice_leads_to_pages_that_exist() -> None:
    """Advice of commands, and links of pages."""
    sections = headings(ROOT / "docs" / "operations.md")
    for file in [*(ROOT / "deploy").rglob("*.py"), *ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]:
        for section in re.findall(r"operations\.md#([a-z0-9-]+)", file.read_text(encoding="utf-8")):
            assert section in sections, (file.name, section)


def test_queries_ask_for_fields_that_are_there(resources: dict[str, Any], dashboard: dict[str, Any]) -> None:
    described = {keyword.arg for call in calls("describe", "count") for keyword in call.keywords}
    literal = (node for call in log_calls() for node in ast.walk(call) if isinstance(node, ast.Dict))
    logged = {key.value for extra in literal for key in extra.keys if isinstance(key, ast.Constant)}
    known = {*described, *logged, *FIELDS, "level", "message", "correlation_id"}
    for query in queries(resources, dashboard):
        for metric in asked_metrics(query):
            assert metric in emitted(), query
        for field in re.findall(r"(?:filter|by|display|latest\(|count_distinct\(|sum\() ?([@a-z]\w*)", query):
            assert field in known | {"ispresent", "bin"}, (field, query)


def log_calls() -> Iterator[ast.Call]:
    for folder in ("functions", "troupe"):
        for file in (ROOT / folder).rglob("*.py"):
            for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
                if (
                    isinstance(node, ast.Call)
                    and isinstance(node.func, ast.Attribute)
                    and isinstance(node.func.value, ast.Name)
                    and node.func.value.id == "logger"
                ):
                    yield node


def headings(page: Path) -> set[str]:
    """The page's headings in the form of GitHub's anchors."""
    found = re.findall(r"^#+ (.+)$", page.read_text(encoding="utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in found}
