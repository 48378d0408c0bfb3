"""Names that two stacks could share, or that AWS limits in length."""

from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.validate import ParamValidator

from deploy.parameters import RESERVE
from deploy.terminal import MAX_STACK_NAME, STACK_NAME
from local.emulator import ROOT
from local.template import read_template
from publishing.template_file import load_yaml

# Kinds whose names an account has once, whatever the region, and AWS's limits: the service's API reference of each.
GLOBAL = {
    "AWS::CloudFront::OriginAccessControl": ("OriginAccessControlConfig", "Name", 64),
    "AWS::CloudFront::ResponseHeadersPolicy": ("ResponseHeadersPolicyConfig", "Name", 128),
    "AWS::CloudFront::CachePolicy": ("CachePolicyConfig", "Name", 128),
    "AWS::CloudWatch::Dashboard": (None, "DashboardName", 255),
    "AWS::Budgets::Budget": ("Budget", "BudgetName", 100),
}
# CloudFormation makes these names up itself, within their limits, unless a template gives one.
MADE_UP = {
    "AWS::Serverless::Function": "FunctionName",
    "AWS::IAM::Role": "RoleName",
    "AWS::S3::Bucket": "BucketName",
    "AWS::DynamoDB::Table": "TableName",
    "AWS::SQS::Queue": "QueueName",
    "AWS::SNS::Topic": "TopicName",
}


def declared() -> Iterator[tuple[str, dict[str, Any]]]:
    for file in ("template.yaml", "monitoring.yaml"):
        yield from load_yaml(ROOT / file)["Resources"].items()


def global_names() -> list[tuple[str, str, int]]:
    found = []
    for logical_id, resource in declared():
        if resource["Type"] in GLOBAL:
            inside, key, limit = GLOBAL[resource["Type"]]
            properties = resource["Properties"][inside] if inside else resource["Properties"]
            found.append((logical_id, str(properties[key].get("Fn::Sub", properties[key])), limit))
    return found


@pytest.mark.parametrize(("logical_id", "name", "limit"), global_names())
def test_a_name_of_the_whole_account_carries_the_region_and_fits_for_any_stack(
    logical_id: str, name: str, limit: int
) -> None:
    session = boto3.Session()
    partitions = session.get_available_partitions()
    regions = [each for partition in partitions for each in session.get_available_regions("lambda", partition)]
    assert "${AWS::Region}" in name, logical_id
    stack = "x" * MAX_STACK_NAME
    longest = name.replace("${AWS::StackName}", stack).replace("${Service}", stack)
    assert len(longest.replace("${AWS::Region}", max(regions, key=len))) <= limit


def test_every_other_name_is_made_up_by_cloudformation() -> None:
    named = [i for i, each in declared() if MADE_UP.get(each["Type"], "Type") in each.get("Properties", {})]
    assert named == []


def test_a_stack_name_that_would_fail_late_is_refused_at_once() -> None:
    assert STACK_NAME.fullmatch("a" * MAX_STACK_NAME)
    assert not STACK_NAME.fullmatch("a" * (MAX_STACK_NAME + 1))


def test_the_limit_by_quota_holds_where_there_is_one() -> None:
    def most(parameters: dict[str, str]) -> int | None:
        functions = read_template(ROOT / "template.yaml", parameters=parameters).functions
        mappings = [mapping for function in functions for mapping in function.queue_mappings]
        return next(mapping.maximum_concurrency for mapping in mappings if mapping.queue == "ReplyQueue")

    assert most({}) == 20
    assert most({"ReplyConcurrencyByQuota": str(10 - RESERVE)}) == 10 - RESERVE


def test_a_budget_is_what_aws_budgets_takes() -> None:
    """The resource has the shape of the API's request, which botocore knows."""
    resource = dict(declared())["Budget"]["Properties"]
    budget = resource["Budget"] | {"BudgetName": "troupe-eu-central-1", "BudgetLimit": {"Amount": "20", "Unit": "USD"}}
    notifications = [
        each | {"Subscribers": [one | {"Address": "ops@example.com"} for one in each["Subscribers"]]}
        for each in resource["NotificationsWithSubscribers"]
    ]
    api = boto3.client("budgets", region_name="us-east-1").meta.service_model.operation_model("CreateBudget")
    report = ParamValidator().validate(
        {"AccountId": "123456789012", "Budget": budget, "NotificationsWithSubscribers": notifications}, api.input_shape
    )
    assert not report.has_errors(), report.generate_report()
