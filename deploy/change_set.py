"""A change set: the changes of an update, shown before they are made."""

from collections.abc import Iterator
from dataclasses import dataclass

from botocore.exceptions import WaiterError

from deploy.account import client
from deploy.stack import why_it_failed
from deploy.terminal import StoppedError, ask, interactive, say

TABLE = "AWS::DynamoDB::Table"
POLL_S = 5
MAX_POLLS = 720


@dataclass(frozen=True)
class Change:
    action: str
    logical_id: str
    kind: str
    replaces: bool

    @property
    def abandons_data(self) -> bool:
        """CloudFormation keeps a table that it replaces or removes, but the stack would use another, empty one."""
        return self.kind == TABLE and (self.replaces or self.action == "Remove")


@dataclass(frozen=True)
class Choice:
    """The operator's options. `preview` shows the changes and makes none."""

    preview: bool = False
    replace_tables: bool = False


def executable(stack: str) -> set[str]:
    """ARNs of the change sets that could be executed now."""
    pages = client("cloudformation").get_paginator("list_change_sets").paginate(StackName=stack)
    summaries = [each for page in pages for each in page["Summaries"]]
    return {each["ChangeSetId"] for each in summaries if each.get("ExecutionStatus") == "AVAILABLE"}


def changes(change_set: str) -> Iterator[Change]:
    pages = client("cloudformation").get_paginator("describe_change_set").paginate(ChangeSetName=change_set)
    for page in pages:
        for each in page["Changes"]:
            of = each["ResourceChange"]
            # CloudFormation says Conditional of a table's new key, and then replaces the table.
            sure = {"True", "Conditional"} if of["ResourceType"] == TABLE else {"True"}
            yield Change(of["Action"], of["LogicalResourceId"], of["ResourceType"], of.get("Replacement") in sure)


def carry_out(stack: str, change_set: str, choice: Choice) -> None:
    """Makes the changes that sam has listed; with `preview`, makes none.

    :raises StoppedError: a table would be replaced or removed, the operator says no, or the update fails
    """
    found = list(changes(change_set))
    for each in found:
        if each.replaces or each.action == "Remove":
            say(f"{'Replaces' if each.replaces else 'Removes'} {each.logical_id} ({each.kind})")
    refusal = _refusal(found, choice)
    if refusal is None and not choice.preview and confirmed():
        _execute(stack, change_set)
        return
    client("cloudformation").delete_change_set(ChangeSetName=change_set)
    if refusal or not choice.preview:
        raise StoppedError(refusal or "Nothing has been changed.")
    say(f"{len(found)} changes. None has been made: this was a preview.")


def _refusal(found: list[Change], choice: Choice) -> str | None:
    abandoned = [each.logical_id for each in found if each.abandons_data]
    if not abandoned or choice.replace_tables:
        return None
    return (
        f"This update would replace or remove {', '.join(abandoned)}: the data would stay behind in the old table. "
        "Nothing has been changed. If that is meant, ARGS=--replace-tables says so."
    )


def confirmed() -> bool:
    """Without a terminal there is nobody to ask: starting the command was the decision."""
    return not interactive() or ask("Make these changes? [y/N]").lower() in {"y", "yes"}


def _execute(stack: str, change_set: str) -> None:
    cloudformation = client("cloudformation")
    cloudformation.execute_change_set(ChangeSetName=change_set)
    say("CloudFormation makes the changes; this takes some minutes ...")
    wait_for_update(stack)


def wait_for_update(stack: str) -> None:
    """:raises StoppedError: the update failed, and CloudFormation has rolled it back"""
    try:
        client("cloudformation").get_waiter("stack_update_complete").wait(
            StackName=stack, WaiterConfig={"Delay": POLL_S, "MaxAttempts": MAX_POLLS}
        )
    except WaiterError:
        raise StoppedError(
            f"The update failed at {why_it_failed(stack) or 'CloudFormation'}. "
            "What was there before is still there; correct it and run this again."
        ) from None
