"""`sam build` and `sam deploy` of the whole template into the emulated AWS, and checks of the resources there."""

import json
import os
import subprocess
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import boto3
import pytest

from artefacts.interpreter import find_interpreter
from artefacts.target import LAMBDA
from local.aws import ACCESS_KEY, Aws
from local.emulator import REGION, ROOT, Emulator
from publishing.template_file import load_yaml
from tests.deployment.permissions import functions, resources

# The first test's time includes the build and the deployment.
pytestmark = pytest.mark.timeout(1200)

STACK = "rehearsal"
SAM = ROOT / ".venv-sam" / "bin" / "sam"
AARCH64 = 0xB7


@dataclass(frozen=True)
class Rehearsal:
    endpoint_url: str
    build: Path

    def client(self, service: str) -> Any:
        session = boto3.Session(aws_access_key_id=ACCESS_KEY, aws_secret_access_key=ACCESS_KEY, region_name=REGION)
        return session.client(service, endpoint_url=self.endpoint_url)  # type: ignore[call-overload]  # any service

    @cached_property
    def names(self) -> dict[str, str]:
        """Physical names of the stack's resources by logical id."""
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in self.made(STACK)}

    def made(self, stack: str) -> list[dict[str, Any]]:
        pages = self.client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=stack)
        return [resource for page in pages for resource in page["StackResourceSummaries"]]

    def outputs(self) -> dict[str, str]:
        (stack,) = self.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"]
        return {output["OutputKey"]: output["OutputValue"] for output in stack["Outputs"]}


@pytest.fixture(scope="module")
def rehearsal(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Rehearsal]:
    folder = tmp_path_factory.mktemp("rehearsal")
    build = folder / "build"
    with Emulator.start(folder / "emulator.log") as emulator:
        environment = os.environ | Aws.at(emulator.endpoint_url).settings() | {"SAM_CLI_TELEMETRY": "0"}
        if not find_interpreter(LAMBDA.python):
            environment["BUILD"] = f"--python {sys.version_info.major}.{sys.version_info.minor}"
        run_sam(environment, "build", "--build-dir", str(build))
        run_sam(environment, "deploy", "--template-file", str(build / "template.yaml"), "--stack-name", STACK)
        yield Rehearsal(emulator.endpoint_url, build)


def run_sam(environment: dict[str, str], *arguments: str) -> None:
    command = [str(SAM), *arguments, "--config-file", str(ROOT / "samconfig.toml")]
    done = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]


def test_every_resource_of_both_templates_is_made(rehearsal: Rehearsal) -> None:
    for stack, file in (STACK, "template.yaml"), (rehearsal.names["Monitoring"], "monitoring.yaml"):
        made = {each["LogicalResourceId"]: each["ResourceStatus"] for each in rehearsal.made(stack)}
        wanted = {i for i, each in load_yaml(ROOT / file)["Resources"].items() if "Condition" not in each}
        assert wanted <= made.keys()
        assert set(made.values()) == {"CREATE_COMPLETE"}


def test_the_functions_are_told_the_names_that_aws_made_up(rehearsal: Rehearsal) -> None:
    site = rehearsal.outputs()["SiteUrl"]
    for function in functions():
        made = rehearsal.client("lambda").get_function_configuration(FunctionName=rehearsal.names[function])
        assert (made["Runtime"], made["Architectures"]) == ("python3.13", ["arm64"])
        told = made["Environment"]["Variables"]
        assert told["POWERTOOLS_SERVICE_NAME"] == STACK
        assert told.get("WEBAPP_URL", site) == site
        assert told.get("TURNS_TABLE", rehearsal.names["TurnsTable"]) == rehearsal.names["TurnsTable"]
        secrets = {value for name, value in told.items() if name.endswith("_PARAMETER")}
        assert all(value.startswith(f"/troupe/{STACK}/") for value in secrets)


def test_the_functions_are_fed_as_the_template_says(rehearsal: Rehearsal) -> None:
    found = rehearsal.client("lambda").list_event_source_mappings()["EventSourceMappings"]
    for function, properties in functions().items():
        mine = [each for each in found if each["FunctionArn"].endswith(f":{rehearsal.names[function]}")]
        declared = [event["Type"] for event in properties.get("Events", {}).values()]
        assert len(mine) == len(declared) - declared.count("Schedule")
        assert all(each["FunctionResponseTypes"] == ["ReportBatchItemFailures"] for each in mine)
    streams = [each for each in found if "/stream/" in each["EventSourceArn"]]
    assert {each["MaximumRecordAgeInSeconds"] for each in streams} == {86_400}
    assert {each["BisectBatchOnFunctionError"] for each in streams} == {True}
    lost = {each["DestinationConfig"]["OnFailure"]["Destination"].rpartition(":")[2] for each in streams}
    assert lost == {rehearsal.names["DeadChangesQueue"].rpartition("/")[2]}


@pytest.mark.parametrize("event", ["WebhookFunctionKeepWarm", "LlmReplyFunctionLookForDeadJobs"])
def test_the_clock_strikes_a_function_and_may_do_so(rehearsal: Rehearsal, event: str) -> None:
    function = rehearsal.names[f"{event.partition('Function')[0]}Function"]
    events, aws_lambda = rehearsal.client("events"), rehearsal.client("lambda")
    rule = events.describe_rule(Name=rehearsal.names[event])
    assert (rule["ScheduleExpression"], rule["State"]) == ("rate(4 minutes)", "ENABLED")
    (target,) = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
    assert target["Arn"].endswith(f":{function}")
    policy = json.loads(aws_lambda.get_policy(FunctionName=function)["Policy"])
    (allowed,) = (each for each in policy["Statement"] if each["Principal"] == {"Service": "events.amazonaws.com"})
    assert rule["Arn"] in json.dumps(allowed["Condition"])


def test_the_outputs_lead_to_the_site_the_webhook_and_the_dashboard(rehearsal: Rehearsal) -> None:
    outputs = rehearsal.outputs()
    assert outputs["SiteUrl"] == f"https://{outputs['SiteDomain']}/"
    assert outputs["WebhookUrl"].startswith(f"https://{rehearsal.names['Api']}.execute-api.")
    assert outputs["WebhookUrl"].endswith("/telegram/webhook")
    assert STACK in outputs["Dashboard"]


def test_the_api_leads_updates_to_the_webhook(rehearsal: Rehearsal) -> None:
    """The webhook alone has no compiled modules for arm64, so the emulator can run it."""
    for name, value in {"webhook-secret": "right", "pseudonym-key": "k" * 43}.items():
        rehearsal.client("ssm").put_parameter(Name=f"/troupe/{STACK}/{name}", Value=value, Type="SecureString")
    assert status(rehearsal, "wrong") == 403
    assert status(rehearsal, "right") == 200


def status(rehearsal: Rehearsal, secret: str) -> int:
    host = f"{rehearsal.names['Api']}.execute-api.localhost"
    headers = {"Host": host, "X-Telegram-Bot-Api-Secret-Token": secret, "Content-Type": "application/json"}
    url = f"{rehearsal.endpoint_url}/telegram/webhook"
    request = urllib.request.Request(url, b'{"update_id": 1}', headers)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=120) as response:  # noqa: S310 - loopback
            return int(response.status)
    except urllib.error.HTTPError as error:
        return error.code


def test_the_dashboard_and_the_alarms_are_there_and_the_alarms_tell_somebody(rehearsal: Rehearsal) -> None:
    cloudwatch = rehearsal.client("cloudwatch")
    (dashboard,) = cloudwatch.list_dashboards()["DashboardEntries"]
    body = json.loads(cloudwatch.get_dashboard(DashboardName=dashboard["DashboardName"])["DashboardBody"])
    assert body["widgets"]
    assert rehearsal.names["ReplyQueue"].rpartition("/")[2] in json.dumps(body)
    alarms = cloudwatch.describe_alarms()["MetricAlarms"]
    declared = load_yaml(ROOT / "monitoring.yaml")["Resources"].values()
    assert len(alarms) == sum(each["Type"] == "AWS::CloudWatch::Alarm" for each in declared)
    assert {action for alarm in alarms for action in alarm["AlarmActions"]} == {rehearsal.names["AlarmTopic"]}


def test_native_libraries_in_the_packages_are_for_arm(rehearsal: Rehearsal) -> None:
    native = list(rehearsal.build.rglob("*.so"))
    assert native
    assert {int.from_bytes(path.read_bytes()[18:20], "little") for path in native} == {AARCH64}


def test_nothing_of_the_stack_is_left_out_of_this_rehearsal() -> None:
    """Resources with a condition are not made here: those have tests of their own."""
    assert [logical_id for logical_id, each in resources().items() if "Condition" in each] == ["AlarmMail", "Budget"]
