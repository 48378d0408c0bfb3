"""The part of `make bench` on first requests, after INIT and after an idle time: people wait for these."""

from collections.abc import Mapping

from artefacts.package import ROOT, function_of
from bench import first_requests
from bench.backstage import running_backstage
from bench.first_requests import Replies, States
from bench.packages import Packages
from bench.quota import NoQuotaError
from bench.spread import Spread, paired
from bench.table import show
from local.template import read_template

MAX_FIRST_REQUESTS = 7
# Seconds, by subject and state.
GOALS = {
    "webhook": {"after INIT": 0.05, "after idle": 0.06},
    "reply function": {"after INIT": 0.25, "after idle": 0.2},
    "ten": {"busy": 3.5},
}


async def first(packages: Packages, rounds: int) -> str:
    """The rounds are few: each starts four processes and leaves them idle for a while."""
    functions = read_template(ROOT / "template.yaml").functions
    memory, few = {function_of(one.logical_id): one.memory for one in functions}, min(rounds, MAX_FIRST_REQUESTS)
    try:
        webhooks = await first_requests.webhook(packages, few, memory["webhook"])
        async with running_backstage() as backstage:
            replies = await first_requests.replies(packages, backstage, few, memory["llm_reply"])
    except NoQuotaError as error:
        return f"First requests are not measured: {error}"
    return f"{_first_webhook(webhooks, memory['webhook'])}\n\n{_first_replies(replies, memory['llm_reply'])}"


def _first_webhook(found: dict[str, States], memory_mb: int) -> str:
    rows = _beside(found["webhook"], found["bare botocore"], GOALS["webhook"])
    return show([f"one request of the webhook, s, {memory_mb} MB", "webhook", "bare botocore", "ratio", "goal"], rows)


def _first_replies(found: Replies, memory_mb: int) -> str:
    rows = _beside(found.asked["reply function"], found.asked["bare client"], GOALS["reply function"])
    asked = show([f"until the model is asked, s, {memory_mb} MB", "reply", "bare client", "ratio", "goal"], rows)
    ten = [[state, Spread.of(took).show(), _at_most(GOALS["ten"].get(state))] for state, took in found.ten.items()]
    return f"{asked}\n\n{show([f'ten chats in a batch, a model of 2 s, {memory_mb} MB', 's', 'goal'], ten)}"


def _beside(ours: States, bare: States, goals: Mapping[str, float]) -> list[list[str]]:
    return [
        [state, Spread.of(seconds).show(3), Spread.of(bare[state]).show(3), paired(seconds, bare[state]).show(),
         _at_most(goals.get(state))]
        for state, seconds in ours.items()
    ]  # fmt: skip


def _at_most(goal: float | None) -> str:
    return f"at most {goal:g}" if goal else ""
