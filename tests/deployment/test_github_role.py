"""deploy/github.yaml allows the workflow the calls that `make deploy` and `make doctor` lead to."""

import fnmatch
import json
import re
import subprocess
from collections.abc import Iterator
from typing import Any

import boto3
import pytest

from local.emulator import ROOT
from publishing.template_file import load_yaml
from tests.deployment.permissions import listed

SAM_PYTHON = ROOT / ".venv-sam" / "bin" / "python"
# Parts of AWS that CloudFormation asks for with properties which our templates don't use.
NOT_USED = (
    "kms:*", "ec2:*", "elasticfilesystem:*", "s3files:*", "s3tables:*", "kinesis:*", "firehose:*", "billing:*",
    "dynamodb:*TableReplica", "logs:*LogEvents", "logs:CreateLogStream", "logs:*BearerTokenAuthentication",
    "cloudfront:*ConnectionGroup", "cloudfront:GetVpcOrigin", "cloudfront:CreateDistributionWithTags",
    "cloudfront:UpdateDistributionWithStagingConfig", "iam:*PermissionsBoundary", "lambda:*Layer*",
    "lambda:*CodeSigningConfig", "lambda:PassCapacityProvider", "logs:DeleteResourcePolicy",
    "apigateway:*agResource", "s3:REST.PUT.OBJECT",
)  # fmt: skip
# The CloudFormation registry's own list, as cfn-lint carries it.
HANDLERS = """
import json, sys
from cfnlint.schema import PROVIDER_SCHEMA_MANAGER as schemas
found = {}
for kind in json.loads(sys.argv[1]):
    handlers = schemas.get_resource_schema("us-east-1", kind).schema.get("handlers", {})
    found[kind] = sorted({p for name, each in handlers.items() if name != "list" for p in each.get("permissions", [])})
print(json.dumps(found))
"""
IAM_NAMES = {"s3:ListObjectsV2": "s3:ListBucket", "s3:DeleteObjects": "s3:DeleteObject"}
Statement = dict[str, Any]


@pytest.fixture(scope="module")
def role() -> Statement:
    found: Statement = load_yaml(ROOT / "deploy" / "github.yaml")["Resources"]["Role"]["Properties"]
    return found


@pytest.fixture(scope="module")
def allowed(role: Statement) -> list[str]:
    (policy,) = role["Policies"]
    return [action for each in policy["PolicyDocument"]["Statement"] for action in listed(each["Action"])]


def matches(action: str, patterns: Iterator[str] | list[str] | tuple[str, ...]) -> bool:
    return any(fnmatch.fnmatchcase(action.lower(), pattern.lower()) for pattern in patterns)


def kinds() -> set[str]:
    found = {each["Type"] for file in ("template.yaml", "monitoring.yaml") for each in _resources(file)}
    # Resources that SAM's transform makes of functions and their events.
    made = {"AWS::Lambda::Function", "AWS::Lambda::EventSourceMapping", "AWS::Lambda::Permission", "AWS::Events::Rule"}
    return (found - {"AWS::Serverless::Function"}) | made


def _resources(file: str) -> list[dict[str, Any]]:
    return list(load_yaml(ROOT / file)["Resources"].values())


def test_cloudformation_may_make_every_kind_of_resource(allowed: list[str]) -> None:
    asked = subprocess.run(
        [SAM_PYTHON, "-c", HANDLERS, json.dumps(sorted(kinds()))], capture_output=True, text=True, check=True
    )
    needed: dict[str, list[str]] = json.loads(asked.stdout)
    assert all(needed.values())
    missing = {
        kind: refused
        for kind, actions in needed.items()
        if (refused := [each for each in actions if not matches(each, allowed) and not matches(each, NOT_USED)])
    }
    assert missing == {}


def calls() -> Iterator[tuple[str, str]]:
    """Service and method of every call of AWS in deploy/, paginators and waiters included."""
    for file in (ROOT / "deploy").glob("*.py"):
        text = file.read_text(encoding="utf-8")
        named = dict(re.findall(r"(\w+) = (?:[^=\n]*, )?client\(\"(\w+)\"\)\n", text))
        of = re.findall(r"client\(\s*\"(\w+)\"\s*\)\s*\.(\w+\([^\n]*)", text)
        of += [(each, rest) for name, each in named.items() for rest in re.findall(rf"\b{name}\.(\w+\([^\n]*)", text)]
        for service, rest in of:
            method = re.match(r"get_(?:paginator|waiter)\(\"(\w+)\"", rest) or re.match(r"(\w+)", rest)
            assert method
            yield service, method[1]


def test_every_call_of_the_commands_is_allowed(allowed: list[str]) -> None:
    found = set(calls())
    assert ("cloudformation", "describe_change_set") in found
    assert ("s3", "put_object") in found
    for service, method in found:
        client = boto3.client(service, region_name="us-east-1")  # type: ignore[call-overload]  # any service
        operation = client.meta.method_to_api_mapping.get(method)
        if operation is None:
            assert method in client.waiter_names, (service, method)
            continue
        action = f"{service}:{operation}"
        assert matches(IAM_NAMES.get(action, action), allowed), action


def test_only_jobs_of_the_named_environment_may_take_the_role(role: Statement) -> None:
    (trust,) = role["AssumeRolePolicyDocument"]["Statement"]
    asked = trust["Condition"]["StringEquals"]
    assert asked["token.actions.githubusercontent.com:aud"] == "sts.amazonaws.com"
    assert asked["token.actions.githubusercontent.com:sub"] == {
        "Fn::Sub": "repo:${Repository}:environment:${Environment}"
    }


def test_roles_are_handed_to_lambda_alone_and_only_the_stacks_own(role: Statement) -> None:
    (policy,) = role["Policies"]
    passing = [each for each in policy["PolicyDocument"]["Statement"] if "iam:PassRole" in listed(each["Action"])]
    (each,) = passing
    assert each["Condition"] == {"StringEquals": {"iam:PassedToService": "lambda.amazonaws.com"}}
    assert each["Resource"]["Fn::Sub"].endswith(":role/${Stack}-*")


def test_every_statement_that_names_the_stack_is_limited_to_it(role: Statement) -> None:
    (policy,) = role["Policies"]
    for statement in policy["PolicyDocument"]["Statement"]:
        wild = [action for action in listed(statement["Action"]) if "*" in action]
        assert not wild or statement["Resource"] != "*", wild
