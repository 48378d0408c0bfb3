"""A live stack as AWS sees it from inside: state, secrets, functions, what feeds them, queues, clock."""

from collections.abc import Iterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

from deploy.account import client
from deploy.findings import Finding, good
from deploy.secret_parameters import ALL, stored
from deploy.stack import FUNCTIONS, USABLE, Stack, advice

# AWS refuses signatures from clocks five minutes off; init data of the Mini App allows one.
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
        else:
            yield Finding(f"{each.name(stack.name)} is missing", "`make secrets` asks for it.")


def functions(stack: Stack) -> Iterator[Finding]:
    names = stack.resources()
    for each in FUNCTIONS:
        facts = client("lambda").get_function_configuration(FunctionName=names[each])
        states = facts.get("State", "Active"), facts.get("LastUpdateStatus", "Successful")
        if states == ("Active", "Successful"):
            yield good(f"{each}: active")
        else:
            reason = facts.get("StateReason") or facts.get("LastUpdateStatusReason") or "no reason given"
            yield Finding(f"{each}: {', '.join(states)}", f"AWS says: {reason}. `make deploy` puts it in again.")


def feeds(stack: Stack) -> Iterator[Finding]:
    """Event source mappings: somebody may have switched one off, and nothing else shows it."""
    names = stack.resources()
    for function in ("LlmReplyFunction", "AnalyticsFunction"):
        mappings = client("lambda").list_event_source_mappings(FunctionName=names[function])["EventSourceMappings"]
        off = [each["UUID"] for each in mappings if each["State"] not in {"Enabled", "Enabling", "Updating"}]
        if mappings and not off:
            yield good(f"{function} is fed by {len(mappings)} source{'s' if len(mappings) > 1 else ''}")
        elif not mappings:
            yield Finding(f"{function} is fed by nothing", "`make deploy` connects it again.")
        for uuid in off:
            command = f"aws lambda update-event-source-mapping --uuid {uuid} --enabled"
            yield Finding(f"{function}: a source is switched off", f"Switch it on: {command}")


def schedule(stack: Stack) -> Iterator[Finding]:
    """The rule that has dead letters looked for. SAM names it after the function and its event."""
    rule = stack.resources().get("LlmReplyFunctionLookForDeadJobs")
    if rule is None:
        yield Finding("dead letters are looked for by nobody", "`make deploy` sets the clock again.")
    elif client("events").describe_rule(Name=rule)["State"] != "ENABLED":
        yield Finding(
            "the look for dead letters is switched off", f"Switch it on: aws events enable-rule --name {rule}"
        )
    else:
        yield good("dead letters are looked for by the clock")


def depth(url: str) -> tuple[int, int]:
    """Messages that wait, and those being worked on."""
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
        yield Finding(what, "Answers come late. See docs/operations.md#oldest-message")
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
    """Against AWS's own, which it states in every answer."""
    answer = client("sts").get_caller_identity()
    theirs = parsedate_to_datetime(answer["ResponseMetadata"]["HTTPHeaders"]["date"])
    skew = abs((datetime.now(UTC) - theirs).total_seconds())
    if skew <= MAX_SKEW_S:
        yield good(f"this machine's clock: within {MAX_SKEW_S} s of AWS's")
    else:
        yield Finding(
            f"this machine's clock is {skew:.0f} s off", "Set it by NTP: AWS and Telegram refuse wrong times."
        )
