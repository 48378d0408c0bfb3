"""The stack itself: `sam build` builds it, `sam deploy` creates it or prepares its update."""

import shutil
import subprocess
from pathlib import Path

from deploy import kept_tables
from deploy.account import Account
from deploy.change_set import Choice, carry_out, executable
from deploy.first_deployment import protect_tables, remove_dead
from deploy.parameters import PROTECTION, Parameters, assignments, by_quota, concurrency_quota, new_defaults
from deploy.stack import DEAD, USABLE, Stack, advice, live, look, why_it_failed
from deploy.terminal import StoppedError

ROOT = Path(__file__).parents[1]
# Common failures of new accounts, with advice.
HINTS = {
    "must be verified": "AWS Support verifies a new account for CloudFront after a case under Account and billing.",
    "concurrent modification": "It passes: run this again.",
}


def sam() -> str:
    """:raises StoppedError: it is not installed"""
    own = ROOT / ".venv-sam" / "bin" / "sam"
    found = str(own) if own.exists() else shutil.which("sam")
    if not found:
        raise StoppedError("The SAM command line is not installed: `make deploy` sets it up.")
    return found


def clear_the_way(name: str) -> Stack | None:
    """Returns the stack if there is one to update.

    :raises StoppedError: the name is taken, or the stack is in no state to be updated
    """
    stack = look(name)
    if stack is None:
        return None
    if stack.status in DEAD:
        remove_dead(stack)
        return None
    if stack.status not in USABLE:
        raise StoppedError(f"The stack {name} is in state {stack.status}: {advice(stack.status)}")
    return stack


def build() -> None:
    """:raises StoppedError: sam's own words are on the terminal"""
    if subprocess.run([sam(), "build"], cwd=ROOT, check=False).returncode:  # noqa: S603 - our own tool
        raise StoppedError("The build failed: the lines above say why. Nothing in the account has changed.")


def create(name: str, account: Account, given: Parameters, tables: kept_tables.Tables) -> Stack:
    """Makes the stack. Tables that were kept become a stack first, which is then updated.

    :raises StoppedError: AWS has rolled the stack back; sam's error is on the terminal
    """
    quota = by_quota(None, given, concurrency_quota())
    if tables:
        kept_tables.take_up(name, tables)
        _sam_deploy(name, account, given | quota)
        return live(name)
    # CloudFormation can't roll back a first deployment that fails if its tables are protected.
    _sam_deploy(name, account, {PROTECTION: "false"} | given | quota)
    stack = live(name)
    if PROTECTION not in given:
        protect_tables(stack)
    return live(name)


def update(stack: Stack, account: Account, given: Parameters, choice: Choice) -> Stack | None:
    """Returns None after a preview.

    :raises StoppedError: the operator says no, or AWS has rolled it back
    """
    quota = by_quota(stack, given, concurrency_quota())
    parameters = {PROTECTION: "true"} | new_defaults(stack, given) | given | quota
    before = executable(stack.name)
    _sam_deploy(stack.name, account, parameters, "--no-execute-changeset")
    for change_set in executable(stack.name) - before:
        carry_out(stack.name, change_set, choice)
    return None if choice.preview else live(stack.name)


def _sam_deploy(name: str, account: Account, parameters: Parameters, *options: str) -> None:
    command = [sam(), "deploy", "--stack-name", name, "--region", account.region, "--no-confirm-changeset", *options]
    command += ["--parameter-overrides", *assignments(parameters)]
    if subprocess.run(command, cwd=ROOT, check=False).returncode:  # noqa: S603 - our own tool, no shell
        reason = why_it_failed(name)
        hint = next((f" {hint}" for words, hint in HINTS.items() if words in reason), "")
        raise StoppedError(
            f"sam deploy failed{f', at {reason}' if reason else ': the lines above say why'}.{hint} "
            "What was there before is still there; correct it and run this again."
        )
