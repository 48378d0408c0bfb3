"""`make deploy` stops at an error before it changes anything, and a second run continues where the first one failed."""

import json
import shutil
from pathlib import Path

import pytest

from deploy.stack import TABLES
from local.emulator import ROOT
from tests.deploy.account import GIVEN, World


def is_untouched(world: World) -> bool:
    secrets = world.client("ssm").describe_parameters()["Parameters"]
    stacks = world.client("cloudformation").list_stacks()["StackSummaries"]
    return not any(world.stack in json.dumps(each, default=str) for each in [*secrets, *stacks])


async def test_a_broken_card_stops_it_before_anything_changes(world: World, tmp_path: Path) -> None:
    shutil.copy(ROOT / "characters" / "ada.json", tmp_path)
    (tmp_path / "bad.json").write_text("{}")

    outcome = await world.run("deploy", "--cards", str(tmp_path), **GIVEN)

    assert outcome.code == 1
    assert f"{tmp_path}/bad.json: data: Field required" in outcome.complained
    assert is_untouched(world)


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        ({}, "Set TELEGRAM_BOT_TOKEN, or run this at a terminal"),
        (GIVEN | {"TELEGRAM_BOT_TOKEN": "4242:of-nobody"}, "Telegram does not know this bot token"),
        (GIVEN | {"OPENAI_API_KEY": "sk-of-nobody"}, "does not know this API key"),
        (GIVEN | {"PARAMETERS": "LogRetentionDays 90"}, "it should read Name=value"),
        (GIVEN | {"AWS_ENDPOINT_URL": "http://127.0.0.1:1"}, "AWS could not be asked"),
    ],
)
async def test_missing_and_wrong_settings_are_named_before_anything_changes(
    world: World, given: dict[str, str], reason: str
) -> None:
    outcome = await world.run("deploy", **given)

    assert outcome.code == 1
    assert reason in outcome.complained
    assert outcome.complained.count("\n") == 1
    assert is_untouched(world)


async def test_a_name_that_somebody_else_has_is_left_to_them(world: World) -> None:
    world.create_stack({"Resources": {"Queue": {"Type": "AWS::SQS::Queue"}}})

    outcome = await world.run("deploy", **GIVEN)

    assert outcome.code == 1
    assert f"The name {world.stack} is taken" in outcome.complained
    assert world.client("ssm").describe_parameters(ParameterFilters=[
        {"Key": "Name", "Option": "BeginsWith", "Values": [f"/troupe/{world.stack}/"]}
    ])["Parameters"] == []  # fmt: skip


def is_protected(world: World, names: dict[str, str]) -> bool:
    found = [world.client("dynamodb").describe_table(TableName=names[table])["Table"] for table in TABLES]
    return all(str(each["DeletionProtectionEnabled"]).lower() == "true" for each in found)


@pytest.mark.timeout(1200)
async def test_from_nothing_to_a_live_bot_through_a_failure_half_way(world: World) -> None:
    """Each run completes the one before and repeats its steps without harm."""
    refused = await world.run("deploy", "--parameters", "LogRetentionDays=2", **GIVEN)
    assert refused.code == 1
    assert "sam deploy failed" in refused.complained
    secret = world.secret("webhook-secret")
    world.leave_a_failed_stack()

    done = await world.run("deploy", "--no-build")

    assert done.code == 0, done
    assert "what is left of it goes first" in done.said
    assert "Live: https://t.me/troupe_bot" in done.said
    assert world.secret("webhook-secret")["Version"] == secret["Version"]
    (stack,) = world.client("cloudformation").describe_stacks(StackName=world.stack)["Stacks"]
    outputs = {each["OutputKey"]: each["OutputValue"] for each in stack["Outputs"]}
    webhook = world.simulator.server.state.webhook
    assert (webhook.url, webhook.secret_token) == (outputs["WebhookUrl"], secret["Value"])
    resources = world.client("cloudformation").list_stack_resources(StackName=world.stack)["StackResourceSummaries"]
    names = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}
    cards = len(list((ROOT / "characters").glob("*.json")))
    assert world.client("dynamodb").scan(TableName=names["CharactersTable"])["Count"] == cards
    assert world.client("s3").head_object(Bucket=names["SiteBucket"], Key="index.html")["ContentLength"]
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in stack["Parameters"]}
    assert parameters["TelegramApiUrl"] == world.url
    # Unprotected until the stack is whole, so that CloudFormation could have rolled it back.
    assert '"TableDeletionProtection": "false"' in done.said
    assert is_protected(world, names)

    gone = await world.run("deploy.destroy", "--confirm", world.stack)

    assert gone.code == 0, gone
    assert names["TurnsTable"] in gone.said
    assert world.client("dynamodb").describe_table(TableName=names["TurnsTable"])
    assert world.simulator.server.state.webhook.url == ""

    undecided = await world.run("deploy", "--no-build")
    assert undecided.code == 1
    assert "TABLES=kept makes the new stack use them" in undecided.complained
    again = await world.run("deploy", "--no-build", TABLES="kept")

    assert again.code == 0, again
    assert f"{cards} unchanged" in again.said
    resources = world.client("cloudformation").list_stack_resources(StackName=world.stack)["StackResourceSummaries"]
    taken_up = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources}
    assert {table: taken_up[table] for table in TABLES} == {table: names[table] for table in TABLES}
    assert is_protected(world, taken_up)
