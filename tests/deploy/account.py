"""An emulated AWS account with a stack, and the commands, run as an operator runs them."""

import json
import os
import uuid
from dataclasses import dataclass, field
from typing import Any

import boto3
import pytest
from botocore.exceptions import WaiterError

from local.emulator import REGION
from local.llm import OfflineModel
from local.simulator import Simulator
from tests.deploy import commands
from tests.deploy.commands import Outcome

TOKEN, KEY = "4242:the-token-of-the-tests", "sk-the-key-of-the-tests"
EVENTS_KEY = "0123456789abcdef0123456789abcdef"
LEADING_OUT = (
    "AWS_",
    "TELEGRAM_",
    "OPENAI_",
    "AMPLITUDE_",
    "WEBHOOK_",
    "PSEUDONYM_",
    "STACK",
    "PARAMETERS",
    "ALARM_",
    "DOMAIN_",
    "TABLES",
    "MONTHLY_",
)
# The emulator makes a stack within a second or two.
SOON = {"Delay": 0.1, "MaxAttempts": 600}
GIVEN = {"TELEGRAM_BOT_TOKEN": TOKEN, "OPENAI_API_KEY": KEY, "AMPLITUDE_API_KEY": EVENTS_KEY}


@dataclass
class World:
    """The servers that the commands call: AWS, Telegram, the model's provider and the picker's address."""

    endpoint_url: str
    url: str
    simulator: Simulator
    model: OfflineModel
    # The picker's list, and the webhook's status for a request without the secret.
    characters: list[dict[str, str]] = field(default_factory=lambda: [{"id": "mario"}])
    door: int = 403
    stack: str = field(default_factory=lambda: f"t{uuid.uuid4().hex[:12]}")

    def client(self, service: str) -> Any:
        return boto3.client(  # type: ignore[call-overload]  # typed by literal names only
            service,
            endpoint_url=self.endpoint_url,
            region_name=REGION,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )

    def environment(self, **more: str) -> dict[str, str]:
        """This machine's environment, without variables that could lead to real servers."""
        return {
            **{name: value for name, value in os.environ.items() if not name.startswith(LEADING_OUT)},
            "COLUMNS": "200",
            "STACK": self.stack,
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": "test",
            "AWS_SECRET_ACCESS_KEY": "test",
            "AWS_REGION": REGION,
            "TELEGRAM_API_URL": self.url,
            "OPENAI_BASE_URL": f"{self.url}/openai/v1",
            **more,
        }

    async def run(self, command: str, *arguments: str, **environment: str) -> Outcome:
        """`python -m <command>`, without a terminal."""
        outcome = await commands.run(command, arguments, self.environment(**environment))
        everything = outcome.said + outcome.complained
        assert "Traceback" not in everything, everything
        assert TOKEN not in everything
        assert KEY not in everything
        return outcome

    async def has_secrets(self) -> None:
        """Stores them as an earlier deployment does."""
        assert (await self.run("deploy.secrets", **GIVEN)).code == 0

    def secret(self, name: str) -> dict[str, Any]:
        parameter: dict[str, Any] = self.client("ssm").get_parameter(
            Name=f"/troupe/{self.stack}/{name}", WithDecryption=True
        )["Parameter"]
        return parameter

    def create_stack(self, template: dict[str, Any] | None = None) -> dict[str, str]:
        """Makes the resources of template.yaml that the commands use. Returns their physical names by logical id."""
        cloudformation = self.client("cloudformation")
        cloudformation.create_stack(StackName=self.stack, TemplateBody=json.dumps(template or self.template()))
        cloudformation.get_waiter("stack_create_complete").wait(StackName=self.stack, WaiterConfig=SOON)
        found = cloudformation.list_stack_resources(StackName=self.stack)["StackResourceSummaries"]
        return {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in found}

    def leave_a_failed_stack(self) -> None:
        """Leaves ROLLBACK_COMPLETE, as a first deployment does that CloudFormation could not complete."""
        template = self.template()
        template["Resources"] = {"Queue": _resource("SQS::Queue", QueueName="not.a.name.fifo", FifoQueue=False)}
        cloudformation = self.client("cloudformation")
        cloudformation.create_stack(StackName=self.stack, TemplateBody=json.dumps(template))
        with pytest.raises(WaiterError, match="ROLLBACK_COMPLETE"):
            cloudformation.get_waiter("stack_create_complete").wait(StackName=self.stack, WaiterConfig=SOON)

    def template(self) -> dict[str, Any]:
        resources: dict[str, Any] = {
            "SiteBucket": _resource("S3::Bucket"),
            "Site": _resource(
                "CloudFront::Distribution",
                DistributionConfig={
                    "Enabled": True,
                    "Origins": [{"Id": "bucket", "DomainName": "bucket.example", "S3OriginConfig": {}}],
                    "DefaultCacheBehavior": {"TargetOriginId": "bucket", "ViewerProtocolPolicy": "https-only"},
                },
            ),
            "CharactersTable": _resource(
                "DynamoDB::Table",
                BillingMode="PAY_PER_REQUEST",
                AttributeDefinitions=[{"AttributeName": "character_id", "AttributeType": "S"}],
                KeySchema=[{"AttributeName": "character_id", "KeyType": "HASH"}],
            ),
            "ReplyQueue": _resource("SQS::Queue", FifoQueue=True, QueueName=f"{self.stack}-jobs.fifo"),
            "CardQueue": _resource("SQS::Queue", FifoQueue=True, QueueName=f"{self.stack}-files.fifo"),
            "DeadReplyQueue": _resource("SQS::Queue", FifoQueue=True, QueueName=f"{self.stack}-dead.fifo"),
            "DeadChangesQueue": _resource("SQS::Queue"),
            # The emulator runs event source mappings: with a queue of their own they receive no jobs of a test.
            "FeedQueue": _resource("SQS::Queue"),
            "Role": _resource("IAM::Role", AssumeRolePolicyDocument={"Version": "2012-10-17", "Statement": []}),
        }
        for name in ("Webhook", "WebappSelect", "LlmReply", "CardFiles", "Analytics"):
            resources[f"{name}Logs"] = _resource("Logs::LogGroup", LogGroupName=f"/aws/lambda/{self.stack}-{name}")
            resources[f"{name}Function"] = _resource(
                "Lambda::Function",
                Runtime="python3.13",
                Handler="index.handler",
                Role={"Fn::GetAtt": ["Role", "Arn"]},
                Code={"ZipFile": "def handler(event, context): return {}"},
            )
        for function in ("LlmReply", "CardFiles", "Analytics"):
            resources[f"{function}Feed"] = _resource(
                "Lambda::EventSourceMapping",
                FunctionName={"Ref": f"{function}Function"},
                EventSourceArn={"Fn::GetAtt": ["FeedQueue", "Arn"]},
            )
        # The rule has no target, for the same reason.
        schedule = "rate(4 minutes)"
        resources["LlmReplyFunctionLookForDeadJobs"] = _resource("Events::Rule", ScheduleExpression=schedule)
        resources["AlarmTopic"] = _resource("SNS::Topic")
        resources["FailedTurns"] = _resource(
            "CloudWatch::Alarm",
            AlarmName=f"{self.stack}-FailedTurns",
            AlarmDescription="Too many messages end without an answer. docs/operations.md#failed-turns",
            Namespace="Troupe",
            MetricName="TurnsFailed",
            Statistic="Average",
            Period=300,
            EvaluationPeriods=1,
            ComparisonOperator="GreaterThanThreshold",
            Threshold=0.05,
            AlarmActions=[{"Ref": "AlarmTopic"}],
        )
        outputs = {"SiteUrl": f"{self.url}/", "WebhookUrl": f"{self.url}/telegram/webhook"}
        return {
            "Parameters": {
                "OpenAiModel": {"Type": "String", "Default": "gpt-6-luna"},
                "TelegramApiUrl": {"Type": "String", "Default": self.url},
                "ReplyConcurrency": {"Type": "Number", "Default": 20},
            },
            "Resources": resources,
            "Outputs": {name: {"Value": value} for name, value in outputs.items()},
        }


def _resource(kind: str, **properties: Any) -> dict[str, Any]:
    return {"Type": f"AWS::{kind}", "Properties": properties}
