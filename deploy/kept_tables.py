"""Tables that `make destroy` has kept, taken up again by a new stack of the same name.

CloudFormation imports them: a first change set makes a stack with only these tables and their rows, and the deployment
then updates that stack with everything else.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from botocore.exceptions import WaiterError

from deploy.account import client
from deploy.stack import TABLES, why_it_failed
from deploy.terminal import StoppedError, ask, interactive, say
from publishing.template_file import load_yaml

TEMPLATE = Path(__file__).parents[1] / "template.yaml"
CHANGE_SET = "take-up-kept-tables"
KEPT, NEW = "kept", "new"

Tables = dict[str, str]


def find(stack: str) -> Tables:
    """The tables' names by logical id. If earlier stacks left several for one logical id, the newest.

    A table with another key than this version's can't be used any more and is left out.
    """
    declared = load_yaml(TEMPLATE)["Resources"]
    found: dict[str, tuple[Any, str]] = {}
    for logical_id in TABLES:
        for name in _named(f"{stack}-{logical_id}-"):
            table = client("dynamodb").describe_table(TableName=name)["Table"]
            if table["KeySchema"] != declared[logical_id]["Properties"]["KeySchema"]:
                say(f"{name} has the key of an earlier version: it is left as it is.")
                continue
            created = table["CreationDateTime"]
            found[logical_id] = max(found.get(logical_id, (created, name)), (created, name))
    return {logical_id: name for logical_id, (_, name) in found.items()}


def wanted(tables: Tables, choice: str | None) -> bool:
    """:raises StoppedError: nobody is there to be asked, and TABLES does not say"""
    if not tables:
        return False
    say("Tables of an earlier stack of this name are here:")
    for name in tables.values():
        say(f"  {name}")
    if choice is None and not interactive():
        raise StoppedError("TABLES=kept makes the new stack use them, TABLES=new makes empty ones beside them.")
    if choice is None:
        return ask("Use them, with the data in them? [Y/n]").lower() not in {"n", "no"}
    return choice == KEPT


def take_up(stack: str, tables: Tables) -> None:
    """Makes the stack, with only these tables in it.

    :raises StoppedError: CloudFormation can't import them
    """
    cloudformation = client("cloudformation")
    cloudformation.create_change_set(
        StackName=stack,
        ChangeSetName=CHANGE_SET,
        ChangeSetType="IMPORT",
        TemplateBody=json.dumps(template_of(tables)),
        ResourcesToImport=[
            {
                "ResourceType": "AWS::DynamoDB::Table",
                "LogicalResourceId": logical_id,
                "ResourceIdentifier": {"TableName": name},
            }
            for logical_id, name in tables.items()
        ],
    )
    try:
        cloudformation.get_waiter("change_set_create_complete").wait(
            StackName=stack, ChangeSetName=CHANGE_SET, WaiterConfig={"Delay": 2, "MaxAttempts": 60}
        )
        cloudformation.execute_change_set(StackName=stack, ChangeSetName=CHANGE_SET)
        cloudformation.get_waiter("stack_import_complete").wait(
            StackName=stack, WaiterConfig={"Delay": 2, "MaxAttempts": 300}
        )
    except WaiterError as error:
        reason = error.last_response.get("StatusReason") or why_it_failed(stack) or str(error)
        raise StoppedError(f"CloudFormation can't take the tables up: {reason}") from None
    say(f"{len(tables)} tables are the stack's again.")


def template_of(tables: Tables) -> dict[str, Any]:
    """The parts of template.yaml that declare them. CloudFormation imports with no others in the template."""
    template = load_yaml(TEMPLATE)
    return {
        "AWSTemplateFormatVersion": template["AWSTemplateFormatVersion"],
        "Parameters": template["Parameters"],
        "Resources": {each: _as_it_is(template["Resources"][each], name) for each, name in tables.items()},
    }


def _as_it_is(resource: dict[str, Any], name: str) -> dict[str, Any]:
    """The declaration with the table's own indexes and time to live. The update after the import adds new ones."""
    table = client("dynamodb").describe_table(TableName=name)["Table"]
    ttl = client("dynamodb").describe_time_to_live(TableName=name)["TimeToLiveDescription"]
    present = {index["IndexName"] for index in table.get("GlobalSecondaryIndexes", [])}
    properties = dict(resource["Properties"])
    indexes = [each for each in properties.pop("GlobalSecondaryIndexes", []) if each["IndexName"] in present]
    if indexes:
        properties["GlobalSecondaryIndexes"] = indexes
    if ttl["TimeToLiveStatus"] not in {"ENABLED", "ENABLING"}:
        properties.pop("TimeToLiveSpecification", None)
    return resource | {"Properties": properties | {"AttributeDefinitions": table["AttributeDefinitions"]}}


def _named(prefix: str) -> Iterator[str]:
    for page in client("dynamodb").get_paginator("list_tables").paginate(ExclusiveStartTableName=prefix):
        for name in page["TableNames"]:
            if not name.startswith(prefix):
                return
            yield name
