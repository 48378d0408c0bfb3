"""`make doctor` on alarms, their addresses, the account's quota and recent errors; each function on its own line."""

from datetime import UTC, datetime

import pytest

from deploy.monitoring import quota
from deploy.stack import Stack
from tests.deploy.account import World
from tests.deploy.lambda_api import LambdaApi
from tests.deploy.test_doctor import live, red


async def test_an_alarm_that_rings_is_red_with_what_it_means(world: World) -> None:
    await live(world)
    world.client("cloudwatch").set_alarm_state(
        AlarmName=f"{world.stack}-FailedTurns", StateValue="ALARM", StateReason="a test"
    )

    (line,) = red(await world.run("deploy.doctor"))

    assert f"{world.stack}-FailedTurns rings" in line
    assert "docs/operations.md#failed-turns" in line


async def test_an_address_that_nobody_confirmed_is_red(world: World) -> None:
    names = await live(world)
    sns = world.client("sns")
    # Of the emulator's protocols this one waits for a confirmation, as mail does in AWS.
    sns.subscribe(TopicArn=names["AlarmTopic"], Protocol="http", Endpoint="http://127.0.0.1:1/ops")
    confirmed = world.client("sqs").get_queue_attributes(QueueUrl=names["FeedQueue"], AttributeNames=["QueueArn"])
    sns.subscribe(
        TopicArn=names["AlarmTopic"],
        Protocol="sqs",
        Endpoint=confirmed["Attributes"]["QueueArn"],
        ReturnSubscriptionArn=True,
    )

    outcome = await world.run("deploy.doctor")

    (line,) = red(outcome)
    assert "http://127.0.0.1:1/ops is not confirmed" in line
    assert f"alarms go to {confirmed['Attributes']['QueueArn']}" in outcome.said


async def test_without_an_address_doctor_says_so_and_is_green(world: World) -> None:
    await live(world)

    outcome = await world.run("deploy.doctor")

    assert outcome.code == 0
    assert "-- alarms go to nobody" in outcome.said


async def test_errors_of_the_last_hour_are_red_for_the_function_that_had_them(world: World) -> None:
    names = await live(world)
    world.client("cloudwatch").put_metric_data(
        Namespace="AWS/Lambda",
        MetricData=[{
            "MetricName": "Errors", "Value": 3, "Unit": "Count", "Timestamp": datetime.now(UTC),
            "Dimensions": [{"Name": "FunctionName", "Value": names["WebhookFunction"]}],
        }],
    )  # fmt: skip

    outcome = await world.run("deploy.doctor")

    (line,) = red(outcome)
    assert "WebhookFunction: 3 errors within an hour" in line
    assert "ok AnalyticsFunction: no errors within an hour" in outcome.said


async def test_a_function_that_was_deleted_hides_none_of_the_others(world: World) -> None:
    names = await live(world)
    world.client("lambda").delete_function(FunctionName=names["WebappSelectFunction"])

    outcome = await world.run("deploy.doctor")

    assert any("WebappSelectFunction: is gone" in line for line in red(outcome))
    for other in ("WebhookFunction", "LlmReplyFunction", "AnalyticsFunction"):
        assert f"ok {other}: active" in outcome.said


@pytest.mark.parametrize(
    ("most", "by_quota", "mark"), [(10, "0", "red"), (10, "6", "note"), (49, "0", "note"), (50, "0", "good")]
)
async def test_a_quota_that_replies_could_use_up_is_red(
    most: int, by_quota: str, mark: str, lambda_api: LambdaApi
) -> None:
    lambda_api.quota = most
    stack = Stack("s", "CREATE_COMPLETE", {}, {"ReplyConcurrency": "20", "ReplyConcurrencyByQuota": by_quota})

    (found,) = await lambda_api.asked(lambda: list(quota(stack)))

    assert ("red" if found.is_red else "note" if found.advice else "good") == mark
    assert f"may run {most} functions at once" in found.what
