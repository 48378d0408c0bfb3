"""An update is shown before it is made, and leaves no table's data behind unasked."""

import json
from typing import Any

import pytest

from deploy.change_set import Choice, carry_out, executable
from deploy.parameters import VARIABLES, by_quota, chosen, new_defaults
from deploy.stack import look
from deploy.terminal import StoppedError
from tests.deploy.account import World


def propose(world: World, template: dict[str, Any]) -> str:
    """A change set of the template, as sam makes one."""
    cloudformation = world.client("cloudformation")
    made = cloudformation.create_change_set(
        StackName=world.stack, ChangeSetName="proposed", TemplateBody=json.dumps(template)
    )
    cloudformation.get_waiter("change_set_create_complete").wait(ChangeSetName=made["Id"], WaiterConfig={"Delay": 1})
    return str(made["Id"])


def with_another_key(world: World) -> dict[str, Any]:
    template = world.template()
    properties = template["Resources"]["CharactersTable"]["Properties"]
    properties["AttributeDefinitions"] = [{"AttributeName": "name", "AttributeType": "S"}]
    properties["KeySchema"] = [{"AttributeName": "name", "KeyType": "HASH"}]
    return template


def key_of(world: World, table: str) -> str:
    return str(world.client("dynamodb").describe_table(TableName=table)["Table"]["KeySchema"][0]["AttributeName"])


def test_an_update_that_replaces_a_table_is_refused_and_withdrawn(account: World) -> None:
    names = account.create_stack()
    proposed = propose(account, with_another_key(account))
    assert executable(account.stack) == {proposed}

    with pytest.raises(StoppedError, match="would replace or remove CharactersTable"):
        carry_out(account.stack, proposed, Choice())

    assert executable(account.stack) == set()
    assert key_of(account, names["CharactersTable"]) == "character_id"


def test_an_update_that_removes_a_table_is_refused(account: World) -> None:
    account.create_stack()
    template = account.template()
    del template["Resources"]["CharactersTable"]

    with pytest.raises(StoppedError, match="ARGS=--replace-tables"):
        carry_out(account.stack, propose(account, template), Choice())


def test_an_operator_may_mean_it(account: World, capsys: pytest.CaptureFixture[str]) -> None:
    account.create_stack()

    carry_out(account.stack, propose(account, with_another_key(account)), Choice(replace_tables=True))

    assert "Replaces CharactersTable" in capsys.readouterr().out
    (stack,) = account.client("cloudformation").describe_stacks(StackName=account.stack)["Stacks"]
    assert stack["StackStatus"] == "UPDATE_COMPLETE"


def test_a_preview_changes_nothing(account: World, capsys: pytest.CaptureFixture[str]) -> None:
    account.create_stack()
    template = account.template()
    del template["Resources"]["DeadChangesQueue"]

    carry_out(account.stack, propose(account, template), Choice(preview=True))

    said = capsys.readouterr().out
    assert "Removes DeadChangesQueue (AWS::SQS::Queue)" in said
    assert "this was a preview" in said
    assert executable(account.stack) == set()
    (stack,) = account.client("cloudformation").describe_stacks(StackName=account.stack)["Stacks"]
    assert stack["StackStatus"] == "CREATE_COMPLETE"


def test_an_old_default_gives_way_to_the_new_one_and_a_choice_stays(
    account: World, capsys: pytest.CaptureFixture[str]
) -> None:
    template = account.template()
    template["Parameters"] |= {
        # The default of an earlier version, which nobody chose.
        "HistoryTokens": {"Type": "Number", "Default": 1234},
        # Chosen: another value than the default of its version.
        "LogRetentionDays": {"Type": "Number", "Default": 7},
        "ReplyMemory": {"Type": "Number", "Default": 144},
    }
    account.client("cloudformation").create_stack(
        StackName=account.stack,
        TemplateBody=json.dumps(template),
        Parameters=[{"ParameterKey": "LogRetentionDays", "ParameterValue": "90"}],
    )
    account.client("cloudformation").get_waiter("stack_create_complete").wait(
        StackName=account.stack, WaiterConfig={"Delay": 1}
    )
    stack = look(account.stack)
    assert stack

    better = new_defaults(stack, {"ReplyMemory": "512"})

    assert better["HistoryTokens"] == "3000"
    assert not better.keys() & {"LogRetentionDays", "ReplyMemory", "ReplyConcurrency"}
    assert "HistoryTokens: 1234 was the default, 3000 is the new one" in capsys.readouterr().out


@pytest.mark.usefixtures("account")
@pytest.mark.parametrize(
    ("quota", "given", "limit"),
    [(10, {}, "6"), (10, {"ReplyConcurrency": "4"}, "0"), (30, {}, "0"), (29, {}, "19"), (5, {}, "2")],
)
def test_replies_leave_room_in_the_quota_to_the_others(quota: int, given: dict[str, str], limit: str) -> None:
    assert by_quota(None, given, quota) == {"ReplyConcurrencyByQuota": limit, "ConcurrencyQuota": str(quota)}


def test_parameters_come_from_the_environment_and_by_name(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in VARIABLES:
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HISTORY_TOKENS", "2000")
    monkeypatch.setenv("MONTHLY_BUDGET", "15")

    assert chosen("LogRetentionDays=90 ReplyConcurrency=50") == {
        "HistoryTokens": "2000", "MonthlyBudget": "15", "LogRetentionDays": "90", "ReplyConcurrency": "50",
    }  # fmt: skip
