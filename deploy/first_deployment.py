"""A first deployment may fail half-way. Then the next one must find nothing in its way, and no table may be lost."""

from botocore.exceptions import ClientError, WaiterError

from deploy.account import client
from deploy.change_set import wait_for_update
from deploy.parameters import PROTECTION
from deploy.stack import Stack, why_it_failed
from deploy.terminal import StoppedError, say

CAPABILITIES = ["CAPABILITY_IAM", "CAPABILITY_AUTO_EXPAND"]
DELETED = "ResourceNotFoundException"


def remove_dead(stack: Stack) -> None:
    """Deletes a stack that was never whole, and the empty tables that its rollback could not delete.

    :raises StoppedError: AWS can't delete the stack
    """
    say(f"The first deployment of {stack.name} failed ({stack.status}); what is left of it goes first.")
    for table in _protected_tables(stack.name):
        _delete_if_empty(table)
    cloudformation = client("cloudformation")
    cloudformation.delete_stack(StackName=stack.name)
    try:
        cloudformation.get_waiter("stack_delete_complete").wait(
            StackName=stack.name, WaiterConfig={"Delay": 5, "MaxAttempts": 360}
        )
    except WaiterError:
        raise StoppedError(
            f"AWS can't delete what is left of {stack.name}: {why_it_failed(stack.name) or 'it gives no reason'}. "
            "Delete that in the AWS console and run this again."
        ) from None


def protect_tables(stack: Stack) -> None:
    """:raises StoppedError: the update failed"""
    parameters = [{"ParameterKey": name, "UsePreviousValue": True} for name in stack.parameters if name != PROTECTION]
    client("cloudformation").update_stack(
        StackName=stack.name,
        UsePreviousTemplate=True,
        Capabilities=CAPABILITIES,
        Parameters=[*parameters, {"ParameterKey": PROTECTION, "ParameterValue": "true"}],
    )
    wait_for_update(stack.name)
    say("The stack is whole: from now on DynamoDB refuses to delete its tables.")


def _protected_tables(stack: str) -> set[str]:
    """Tables that the rollback tried to delete in vain."""
    pages = client("cloudformation").get_paginator("describe_stack_events").paginate(StackName=stack)
    return {
        event["PhysicalResourceId"]
        for page in pages
        for event in page["StackEvents"]
        if event.get("ResourceType") == "AWS::DynamoDB::Table" and event.get("ResourceStatus") == "DELETE_FAILED"
    }


def _delete_if_empty(table: str) -> None:
    dynamodb = client("dynamodb")
    try:
        if dynamodb.scan(TableName=table, Limit=1)["Items"]:
            say(f"The table {table} has data in it and stays.")
            return
        dynamodb.update_table(TableName=table, DeletionProtectionEnabled=False)
        dynamodb.get_waiter("table_exists").wait(TableName=table)
        dynamodb.delete_table(TableName=table)
        dynamodb.get_waiter("table_not_exists").wait(TableName=table)
    except ClientError as error:
        if error.response["Error"]["Code"] != DELETED:
            raise
