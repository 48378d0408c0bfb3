"""A new stack takes up the tables that an earlier one has left, with their rows, also if its version was another."""

import json
from typing import Any

import pytest

from deploy import kept_tables
from deploy.stack import TABLES
from local.emulator import ROOT
from publishing.template_file import load_yaml
from tests.deploy.account import World

Template = dict[str, Any]


def declared() -> Template:
    """The tables of template.yaml, and its parameters."""
    template = load_yaml(ROOT / "template.yaml")
    tables = {name: template["Resources"][name] for name in TABLES}
    return {"Parameters": template["Parameters"], "Resources": json.loads(json.dumps(tables))}


def leave(world: World, template: Template) -> dict[str, str]:
    """A stack of these tables, with a row, made and deleted again."""
    names = world.create_stack(template)
    row = {"user_id": {"N": "7"}, "language": {"S": "ru"}}
    world.client("dynamodb").put_item(TableName=names["UsersTable"], Item=row)
    world.client("cloudformation").delete_stack(StackName=world.stack)
    world.client("cloudformation").get_waiter("stack_delete_complete").wait(
        StackName=world.stack, WaiterConfig={"Delay": 1}
    )
    return names


def test_tables_come_back_under_their_names_with_their_rows(account: World) -> None:
    names = leave(account, declared())

    found = kept_tables.find(account.stack)
    kept_tables.take_up(account.stack, found)

    assert found == {table: names[table] for table in TABLES}
    resources = account.client("cloudformation").list_stack_resources(StackName=account.stack)
    made = {each["LogicalResourceId"]: each["PhysicalResourceId"] for each in resources["StackResourceSummaries"]}
    assert made == found
    (row,) = account.client("dynamodb").scan(TableName=names["UsersTable"])["Items"]
    assert row["language"] == {"S": "ru"}


def test_an_index_that_an_earlier_version_had_not_is_added_by_the_update_after_the_import(account: World) -> None:
    earlier = declared()
    properties = earlier["Resources"]["CharactersTable"]["Properties"]
    del properties["GlobalSecondaryIndexes"]
    properties["AttributeDefinitions"] = [{"AttributeName": "character_id", "AttributeType": "S"}]
    del earlier["Resources"]["UsersTable"]["Properties"]["TimeToLiveSpecification"]
    names = leave(account, earlier)
    account.client("dynamodb").update_time_to_live(
        TableName=names["TurnsTable"], TimeToLiveSpecification={"Enabled": True, "AttributeName": "expires_at"}
    )
    found = kept_tables.find(account.stack)

    imported = kept_tables.template_of(found)["Resources"]

    assert "GlobalSecondaryIndexes" not in imported["CharactersTable"]["Properties"]
    assert imported["CharactersTable"]["Properties"]["AttributeDefinitions"] == properties["AttributeDefinitions"]
    assert "TimeToLiveSpecification" not in imported["UsersTable"]["Properties"]
    assert "TimeToLiveSpecification" in imported["TurnsTable"]["Properties"]


def test_a_table_with_the_key_of_an_earlier_version_is_left_alone(
    account: World, capsys: pytest.CaptureFixture[str]
) -> None:
    earlier = declared()
    properties = earlier["Resources"]["ConversationsTable"]["Properties"]
    properties["AttributeDefinitions"] = [{"AttributeName": "conversation_id", "AttributeType": "S"}]
    properties["KeySchema"] = [{"AttributeName": "conversation_id", "KeyType": "HASH"}]
    names = leave(account, earlier)

    found = kept_tables.find(account.stack)

    assert found.keys() == set(TABLES) - {"ConversationsTable"}
    assert f"{names['ConversationsTable']} has the key of an earlier version" in capsys.readouterr().out


def test_the_newest_of_several_tables_is_taken_up(account: World) -> None:
    first = leave(account, declared())
    dynamodb = account.client("dynamodb")
    newer = f"{first['UsersTable']}A"
    dynamodb.create_table(
        TableName=newer,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[{"AttributeName": "user_id", "AttributeType": "N"}],
        KeySchema=[{"AttributeName": "user_id", "KeyType": "HASH"}],
    )

    assert kept_tables.find(account.stack)["UsersTable"] == newer


def test_a_new_account_has_none(account: World) -> None:
    assert kept_tables.find(account.stack) == {}
    assert not kept_tables.wanted({}, None)
