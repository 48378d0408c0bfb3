"""A command's questions, output and exit status."""

import argparse
import getpass
import os
import re
import sys
from collections.abc import Callable

from botocore.exceptions import BotoCoreError, ClientError, NoCredentialsError

# CloudFormation allows 128 characters. But the origin access control is named <stack>-<region>-site, which CloudFront
# limits to 64, and the longest region has 15.
MAX_STACK_NAME = 43
STACK_NAME = re.compile(rf"[A-Za-z][A-Za-z0-9-]{{0,{MAX_STACK_NAME - 1}}}")

Command = Callable[[argparse.Namespace], None]


class StoppedError(Exception):
    """The command can't go on. The message gives the reason and what the operator can do."""


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


def interactive() -> bool:
    return sys.stdin.isatty()


def ask_hidden(question: str) -> str:
    """Without echo. An empty answer is an answer.

    :raises StoppedError: there is nobody to ask, or they closed the terminal
    """
    if not interactive():
        raise StoppedError(f"{question}: nobody is at the terminal to be asked.")
    try:
        return getpass.getpass(f"{question}: ").strip()
    except EOFError:
        raise StoppedError(f"{question}: no answer came.") from None


def ask(question: str) -> str:
    """:raises StoppedError: the terminal was closed"""
    sys.stdout.write(f"{question}: ")
    sys.stdout.flush()
    answer = sys.stdin.readline()
    if not answer:
        raise StoppedError(f"{question}: no answer came.")
    return answer.strip()


def parser(name: str, description: str) -> argparse.ArgumentParser:
    """A parser with the arguments that every command takes."""
    made = argparse.ArgumentParser(prog=f"make {name}", description=description)
    made.add_argument(
        "--stack",
        default=os.environ.get("STACK") or "troupe",
        help="name of the CloudFormation stack (STACK, or troupe); one account can hold several",
    )
    return made


def run(command: Command, options: argparse.Namespace) -> int:
    """Runs the command and returns its exit status. A StoppedError becomes one line, never a stack trace."""
    try:
        if STACK_NAME.fullmatch(options.stack):
            command(options)
            return 0
        allowed = f"up to {MAX_STACK_NAME} letters, digits and -, a letter first"
        reason = f"{options.stack!r} can't be the name of a stack: {allowed}."
    except (StoppedError, BotoCoreError, ClientError) as error:
        reason = said(error)
    except KeyboardInterrupt:
        reason = "Stopped half-way. Run it again: what is done stays done."
    sys.stderr.write(f"{reason}\n")
    return 1


def said(error: StoppedError | BotoCoreError | ClientError) -> str:
    """Prints a line for the person at the terminal."""
    if isinstance(error, ClientError):
        words = error.response["Error"]
        return f"AWS refused {error.operation_name}: {words['Code']}: {words['Message']}"
    if isinstance(error, NoCredentialsError):
        return "No AWS credentials were found: `aws configure`, AWS_PROFILE or the AWS_* variables give them."
    return str(error) if isinstance(error, StoppedError) else f"AWS could not be asked: {error}"
