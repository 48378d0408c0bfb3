"""A live stack from inside AWS: state, secrets, functions, event sources, schedule, queues, clock."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from botocore.exceptions import ClientError

from deploy.account import client
from deploy.findings import Finding, good
from deploy.secret_parameters import ALL, stored
from deploy.stack import FUNCTIONS, USABLE, Stack, advice

# AWS refuses signatures of a clock that is five minutes off, and the Mini App init data of one that is a minute off.
MAX_SKEW_S = 30
BUSY = 1000


def state(stack: Stack) -> Iterator[Finding]:
    if stack.status in USABLE:
        yield good(f"stack {stack.name}: {stack.status}")
    else:
        yield Finding(f"stack {stack.name}: {stack.status}", advice(stack.status).capitalize())


def secrets(stack: Stack) -> Iterator[Finding]:
    there = stored(stack.name)
    for each in ALL:
        if each in there:
            yield good(f"{each.name(stack.name)} is there")
        elif each.optional:
            yield good(f"{each.name(stack.name)} is not there, and need not be")
        else:
            yield Finding(f"{each.name(stack.name)} is missing", "`make secrets` asks for it.")


def functions(stack: Stack) -> Iterator[Finding]:
    """Each on its own line: a function that was deleted hides none of the others."""
    names = stack.resources()
    for each in FUNCTIONS:
        yield _function(each, names.get(each, ""))


def _function(logical_id: str, name: str) -> Finding:
    try:
        facts = client("lambda").get_function_configuration(FunctionName=name or logical_id)
    except ClientError as error:
        if error.response["Error"]["Code"] != "ResourceNotFoundException":
            raise
        return Finding(f"{logical_id}: is gone", "`make destroy`, then `TABLES=kept make deploy`, makes it again.")
    states = facts.get("State", "Active"), facts.get("LastUpdateStatus", "Successful")
    if states == ("Active", "Successful"):
        return good(f"{logical_id}: active")
    reason = facts.get("StateReason") or facts.get("LastUpdateStatusReason") or "no reason given"
    return Finding(f"{logical_id}: {', '.join(states)}", f"AWS says: {reason}. `make deploy` puts it in again.")


def feeds(stack: Stack) -> Iterator[Finding]:
    """Event source mappings. Nothing else shows that one is switched off."""
    names = stack.resources()
    for function in ("LlmReplyFunction", "CardFilesFunction", "AnalyticsFunction"):
        mappings = client("lambda").list_event_source_mappings(FunctionName=names[function])["EventSourceMappings"]
        off = [each["UUID"] for each in mappings if each["State"] not in {"Enabled", "Enabling", "Updating"}]
        if mappings and not off:
            yield good(f"{function} has {len(mappings)} event source{'s' if len(mappings) > 1 else ''}")
        elif not mappings:
            yield Finding(f"{function} has no event source", "`make deploy` connects it again.")
        for uuid in off:
            command = f"aws lambda update-event-source-mapping --uuid {uuid} --enabled"
            yield Finding(f"{function}: an event source is switched off", f"Switch it on: {command}")


def schedule(stack: Stack) -> Iterator[Finding]:
    """The rule whose invocations scan the dead-letter queue. SAM names it after the function and its event."""
    rule = stack.resources().get("LlmReplyFunctionLookForDeadJobs")
    if rule is None:
        yield Finding("schedule: there is none, so nothing scans the dead letters", "`make deploy` sets it again.")
    elif client("events").describe_rule(Name=rule)["State"] != "ENABLED":
        yield Finding(
            "schedule: it is switched off, so nothing scans the dead letters",
            f"Switch it on: aws events enable-rule --name {rule}",
        )
    else:
        yield good("schedule: dead letters are scanned regularly")


def depth(url: str) -> tuple[int, int]:
    """Messages that are visible, and messages in flight."""
    names = ["ApproximateNumberOfMessages", "ApproximateNumberOfMessagesNotVisible"]
    facts = client("sqs").get_queue_attributes(QueueUrl=url, AttributeNames=names)["Attributes"]
    return int(facts[names[0]]), int(facts[names[1]])


def queues(stack: Stack) -> Iterator[Finding]:
    names = stack.resources()
    waiting, in_flight = depth(names["ReplyQueue"])
    what = f"queue: {waiting} waiting, {in_flight} being worked on"
    if waiting < BUSY:
        yield good(what)
    else:
        yield Finding(what, "Answers are late. See docs/operations.md#oldest-message")
    dead, held = depth(names["DeadReplyQueue"])
    if dead or held:
        what = f"dead letters: {dead} waiting, {held} held by the reply function"
        yield Finding(what, "See docs/operations.md#dead-letters; `make redrive` sends them back.")
    else:
        yield good("dead letters: none")
    lost, _ = depth(names["DeadChangesQueue"])
    if lost:
        yield Finding(f"product events given up: {lost} batches", "See docs/operations.md#analytics-behind")


def clock() -> Iterator[Finding]:
    """Compares this machine's clock with the Date header of an AWS answer."""
    answer = client("sts").get_caller_identity()
    theirs = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    skew = abs((datetime.now(UTC) - theirs).total_seconds())
    if skew <= MAX_SKEW_S:
        yield good(f"this machine's clock: within {MAX_SKEW_S} s of AWS's")
    else:
        yield Finding(
            f"this machine's clock is {skew:.0f} s off", "Set it by NTP: AWS and Telegram refuse wrong times."
        )
