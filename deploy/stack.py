"""The stack in the account: its state, outputs, parameters and the names that AWS gave its resources."""

from dataclasses import dataclass
from typing import Any

from botocore.exceptions import ClientError

from deploy.account import client
from deploy.terminal import StoppedError

# Parameters of template.yaml that tell our stacks from others of the same name.
OURS = {"OpenAiModel", "TelegramApiUrl"}
# A first deployment that failed leaves a stack that can only be deleted. After ROLLBACK_FAILED something is left in it.
DEAD = {"ROLLBACK_COMPLETE", "ROLLBACK_FAILED"}
# Nothing is there: the stack is gone, or has only a change set.
NOT_THERE = {"DELETE_COMPLETE", "REVIEW_IN_PROGRESS"}
TABLES = ("UsersTable", "CharactersTable", "TurnsTable", "ConversationsTable", "SpendingTable", "MemoriesTable")
FUNCTIONS = ("WebhookFunction", "WebappSelectFunction", "LlmReplyFunction", "CardFilesFunction", "AnalyticsFunction")
USABLE = {"CREATE_COMPLETE", "UPDATE_COMPLETE", "UPDATE_ROLLBACK_COMPLETE", "IMPORT_COMPLETE"}


@dataclass(frozen=True)
class Stack:
    name: str
    status: str
    outputs: dict[str, str]
    parameters: dict[str, str]

    def output(self, name: str) -> str:
        """:raises StoppedError: an older template had no such output"""
        if name not in self.outputs:
            raise StoppedError(f"The stack {self.name} has no output {name}: `make deploy` brings it up to date.")
        return self.outputs[name]

    def resources(self) -> dict[str, str]:
        """By logical id: a table's or function's name, a queue's URL, ..."""
        pages = client("cloudformation").get_paginator("list_stack_resources").paginate(StackName=self.name)
        found = [resource for page in pages for resource in page["StackResourceSummaries"]]
        return {each["LogicalResourceId"]: each.get("PhysicalResourceId", "") for each in found}


def look(name: str) -> Stack | None:
    """The stack of that name, in any state; None if AWS knows no such stack.

    :raises StoppedError: a stack of another product has that name
    """
    try:
        (found,) = client("cloudformation").describe_stacks(StackName=name)["Stacks"]
    except ClientError as error:
        if "does not exist" in error.response["Error"]["Message"]:
            return None
        raise
    if found["StackStatus"] in NOT_THERE:
        return None
    parameters = _parameters(found)
    if OURS - parameters.keys():
        raise StoppedError(
            f"The name {name} is taken: a CloudFormation stack that is not Troupe has it in this region. "
            "Choose another, with STACK=..."
        )
    return Stack(name, found["StackStatus"], _outputs(found), parameters)


def live(name: str) -> Stack:
    """:raises StoppedError: there is no such stack, or it is in no state to work on"""
    stack = look(name)
    if stack is None or stack.status in DEAD:
        raise StoppedError(f"There is no stack {name} in this region: `make deploy` makes it; STACK=... names another.")
    if stack.status not in USABLE:
        raise StoppedError(f"The stack {name} is in state {stack.status}: {advice(stack.status)}")
    return stack


def advice(status: str) -> str:
    if status == "UPDATE_ROLLBACK_FAILED":
        return "in the CloudFormation console choose Stack actions, Continue update rollback."
    if status.endswith("_IN_PROGRESS"):
        return "it is being changed; wait until that ends, and run this again."
    if status == "DELETE_FAILED":
        return "`make destroy` tries again; the CloudFormation console says under Events what could not be deleted."
    return "the CloudFormation console says under Events why."


def why_it_failed(name: str) -> str:
    """The first failure of CloudFormation's latest attempt, with its reason; empty if there was no attempt."""
    try:
        events = client("cloudformation").describe_stack_events(StackName=name)["StackEvents"]
    except ClientError:
        return ""
    failed = ""
    for event in events:
        status = event.get("ResourceStatus", "")
        if event.get("ResourceStatusReason") == "User Initiated" and status.endswith("_IN_PROGRESS"):
            break
        if status.endswith("_FAILED") and "cancelled" not in event.get("ResourceStatusReason", "").lower():
            failed = f"{event['LogicalResourceId']}: {event.get('ResourceStatusReason', status)}"
    return failed


def _outputs(found: dict[str, Any]) -> dict[str, str]:
    return {each["OutputKey"]: each["OutputValue"] for each in found.get("Outputs", [])}


def _parameters(found: dict[str, Any]) -> dict[str, str]:
    return {each["ParameterKey"]: each.get("ParameterValue", "") for each in found.get("Parameters", [])}
