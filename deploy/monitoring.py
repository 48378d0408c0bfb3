"""A live stack as its alarms, metrics and the account's quota show it."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from deploy.account import client
from deploy.findings import Finding, good, note
from deploy.parameters import concurrency_quota
from deploy.stack import FUNCTIONS, Stack

# A new account has 10. From 50 on replies have their default of 20, and others enough beside them.
MIN_QUOTA = 50
RECENT = timedelta(hours=1)


def quota(stack: Stack) -> Iterator[Finding]:
    """Finds the share of the account's concurrency that the reply function may take."""
    most, wanted = concurrency_quota(), int(stack.parameters.get("ReplyConcurrency") or 0)
    replies = int(stack.parameters.get("ReplyConcurrencyByQuota") or 0) or wanted
    what = f"concurrency: this account may run {most} functions at once, {replies} of them for replies"
    if replies and replies >= most:
        yield Finding(what, "Replies could shut out the webhook: `make deploy` limits them by the quota.")
    elif most < MIN_QUOTA:
        yield note(what, "Enough to begin with; Service Quotas raises it. See docs/operations.md#throttles")
    else:
        yield good(what)


def alarms(stack: Stack) -> Iterator[Finding]:
    """Every alarm that rings, on a line of its own."""
    topic = stack.resources().get("AlarmTopic", "")
    pages = client("cloudwatch").get_paginator("describe_alarms").paginate(AlarmTypes=["MetricAlarm"])
    ours = [each for page in pages for each in page["MetricAlarms"] if topic in each["AlarmActions"]]
    ringing = [each for each in ours if each["StateValue"] == "ALARM"]
    for each in ringing:
        yield Finding(f"alarm: {each['AlarmName']} rings", f"{each.get('AlarmDescription', '')}")
    if not ours:
        yield Finding("alarms: there are none", "`make deploy` sets them again.")
    elif not ringing:
        yield good(f"alarms: none of {len(ours)} rings")


def addresses(stack: Stack) -> Iterator[Finding]:
    """Checks the addresses of alarms: SNS sends alarms to confirmed ones only."""
    topic = stack.resources().get("AlarmTopic", "")
    pages = client("sns").get_paginator("list_subscriptions_by_topic").paginate(TopicArn=topic)
    found = [each for page in pages for each in page["Subscriptions"]]
    for each in found:
        if not _is_confirmed(each["SubscriptionArn"]):
            advice = "Its owner must press the link in the mail from AWS Notifications (it may be in the spam folder)."
            yield Finding(f"alarms: {each['Endpoint']} is not confirmed", advice)
        else:
            yield good(f"alarms go to {each['Endpoint']}")
    if not found:
        yield note("alarms go to nobody", "ALARM_EMAIL=you@example.com make deploy")


def _is_confirmed(arn: str) -> bool:
    """AWS gives a subscription its ARN when it is confirmed, and lists the words PendingConfirmation until then."""
    if not arn.startswith("arn:"):
        return False
    attributes = client("sns").get_subscription_attributes(SubscriptionArn=arn)["Attributes"]
    return bool(attributes.get("PendingConfirmation") != "true")


def errors(stack: Stack) -> Iterator[Finding]:
    """Errors of the last hour, function by function."""
    names = stack.resources()
    for function in FUNCTIONS:
        number = _errors(names.get(function, "")) if names.get(function) else 0
        if number:
            yield Finding(
                f"{function}: {number:.0f} errors within an hour",
                'make logs ARGS="--since 1h" shows them. See docs/operations.md#when-a-function-crashes',
            )
        else:
            yield good(f"{function}: no errors within an hour")


def _errors(function: str) -> float:
    """Invocations that crashed, ran out of time or could not start, in the last hour."""
    now = datetime.now(UTC)
    points = client("cloudwatch").get_metric_statistics(
        Namespace="AWS/Lambda",
        MetricName="Errors",
        Dimensions=[{"Name": "FunctionName", "Value": function}],
        StartTime=now - RECENT,
        EndTime=now,
        Period=round(RECENT.total_seconds()),
        Statistics=["Sum"],
    )["Datapoints"]
    return sum(float(each["Sum"]) for each in points)
