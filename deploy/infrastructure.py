"""The stack itself: built by `sam build` and put into the account by `sam deploy`."""

import os
import re
import shutil
import subprocess
from pathlib import Path

from deploy.account import Account, client
from deploy.stack import DEAD, USABLE, Stack, advice, live, look, why_it_failed
from deploy.terminal import StoppedError, say

ROOT = Path(__file__).parents[1]
# The functions' settings that an operator chooses, under the names they have everywhere.
PARAMETERS = {
    "OPENAI_MODEL": "OpenAiModel",
    "OPENAI_BASE_URL": "OpenAiBaseUrl",
    "OPENAI_PRICES": "OpenAiPrices",
    "HISTORY_TOKENS": "HistoryTokens",
    "TELEGRAM_API_URL": "TelegramApiUrl",
    "AMPLITUDE_SERVER_URL": "AmplitudeServerUrl",
    "ALARM_EMAIL": "AlarmEmail",
    "DOMAIN_NAME": "DomainName",
    "CERTIFICATE_ARN": "CertificateArn",
}
ASSIGNMENT = re.compile(r"[A-Za-z0-9]+=\S*")


def sam() -> str:
    """:raises StoppedError: it is not installed"""
    own = ROOT / ".venv-sam" / "bin" / "sam"
    found = str(own) if own.exists() else shutil.which("sam")
    if not found:
        raise StoppedError("The SAM command line is not installed: `make deploy` sets it up.")
    return found


def overrides(more: str) -> list[str]:
    """Only what is given: SAM leaves other parameters as they were at the last deployment.

    :param more: any others, "LogRetentionDays=90 ReplyConcurrency=50"
    :raises StoppedError: that is written otherwise
    """
    given = [f"{parameter}={os.environ[name]}" for name, parameter in PARAMETERS.items() if os.environ.get(name)]
    others = more.split()
    if wrong := [each for each in others if not ASSIGNMENT.fullmatch(each)]:
        raise StoppedError(f"PARAMETERS has {wrong[0]!r} in it; it should read Name=value Name=value.")
    return [*given, *others]


def clear_the_way(name: str) -> Stack | None:
    """The stack as it stands, if there is one to update.

    :raises StoppedError: the name is taken, or the stack is in no state to be updated
    """
    stack = look(name)
    if stack is None:
        return None
    if stack.status == DEAD:
        say(f"The first deployment of {name} failed and left an empty stack; it goes first.")
        client("cloudformation").delete_stack(StackName=name)
        client("cloudformation").get_waiter("stack_delete_complete").wait(StackName=name)
        return None
    if stack.status not in USABLE:
        raise StoppedError(f"The stack {name} is in state {stack.status}: {advice(stack.status)}")
    return stack


def build() -> None:
    """:raises StoppedError: its own words are on the terminal"""
    if subprocess.run([sam(), "build"], cwd=ROOT, check=False).returncode:  # noqa: S603 - our own tool
        raise StoppedError("The build failed: the lines above say why. Nothing in the account has changed.")


def deploy(name: str, account: Account, parameters: list[str]) -> Stack:
    """:raises StoppedError: its own words are on the terminal; the account is as CloudFormation rolled it back"""
    command = [sam(), "deploy", "--stack-name", name, "--region", account.region, "--no-confirm-changeset"]
    if parameters:
        command += ["--parameter-overrides", *parameters]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:  # noqa: S603 - our own tool, no shell
        reason = why_it_failed(name)
        raise StoppedError(
            f"sam deploy failed{f', at {reason}' if reason else ': the lines above say why'}. "
            "What was there before is still there; mend it and run this again."
        )
    return live(name)
