"""`make deploy` recovers from a first deployment that failed, also if protected tables have stopped its rollback."""

import json

import pytest
from botocore.exceptions import WaiterError

from deploy.stack import TABLES
from local.emulator import ROOT
from publishing.template_file import load_yaml
from tests.deploy.account import World


def fail(world: World, *, protected: bool) -> dict[str, str]:
    """A first deployment of template.yaml's tables, and of a resource that can't be made. Returns the tables left."""
    declared = load_yaml(ROOT / "template.yaml")
    template = world.template() | {
        "Parameters": declared["Parameters"],
        "Resources": {
            **{name: declared["Resources"][name] for name in TABLES},
            "Site": {
                "Type": "AWS::SQS::Queue",
                "Properties": {"QueueName": "not.a.name.fifo", "FifoQueue": False},
                "DependsOn": list(TABLES),
            },
        },
        "Outputs": {},
    }
    cloudformation = world.client("cloudformation")
    cloudformation.create_stack(
        StackName=world.stack,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": "TableDeletionProtection", "ParameterValue": str(protected).lower()}],
    )
    with pytest.raises(WaiterError, match="ROLLBACK"):
        cloudformation.get_waiter("stack_create_complete").wait(
            StackName=world.stack, WaiterConfig={"Delay": 1, "MaxAttempts": 30}
        )
    return tables(world)


def status(world: World) -> str:
    (stack,) = world.client("cloudformation").describe_stacks(StackName=world.stack)["Stacks"]
    return str(stack["StackStatus"])


def tables(world: World) -> dict[str, str]:
    found = world.client("dynamodb").list_tables()["TableNames"]
    return {name.split("-")[1]: name for name in found if name.startswith(f"{world.stack}-")}


async def test_unprotected_tables_let_the_rollback_end(world: World) -> None:
    assert fail(world, protected=False) == {}
    assert status(world) == "ROLLBACK_COMPLETE"


async def test_a_rollback_that_protected_tables_have_stopped_is_cleared_away(world: World) -> None:
    assert set(fail(world, protected=True)) == set(TABLES)
    assert status(world) == "ROLLBACK_FAILED"

    # Without keys it goes no further than to its first question.
    outcome = await world.run("deploy", "--no-build")

    assert "The first deployment of" in outcome.said
    assert "Set TELEGRAM_BOT_TOKEN" in outcome.complained
    assert tables(world) == {}
    assert world.stack not in str(world.client("cloudformation").list_stacks(StackStatusFilter=["ROLLBACK_FAILED"]))


async def test_a_table_with_data_in_it_is_never_cleared_away(world: World) -> None:
    left = fail(world, protected=True)
    world.client("dynamodb").put_item(TableName=left["UsersTable"], Item={"user_id": {"N": "7"}})

    outcome = await world.run("deploy", "--no-build")

    assert f"The table {left['UsersTable']} has data in it and stays" in outcome.said
    assert tables(world) == {"UsersTable": left["UsersTable"]}
    assert world.client("dynamodb").scan(TableName=left["UsersTable"])["Count"] == 1


async def test_doctor_says_that_a_dead_stack_is_none(world: World) -> None:
    fail(world, protected=True)

    outcome = await world.run("deploy.doctor")

    assert outcome.code == 1
    assert f"There is no stack {world.stack}" in outcome.complained
