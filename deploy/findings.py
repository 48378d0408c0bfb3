"""What a check of a live stack finds, and how it looks at a terminal."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from deploy.terminal import StoppedError, said, say

GREEN, RED, PLAIN = "\033[32m", "\033[31m", "\033[0m"


@dataclass(frozen=True)
class Finding:
    """`advice` is what to do about it, where something is wrong; empty where all is well."""

    what: str
    advice: str = ""


Check = Callable[[], Iterable[Finding]]


def good(what: str) -> Finding:
    return Finding(what)


def found(checks: Iterable[tuple[str, Check]]) -> Iterator[Finding]:
    """A check that can't be made is a finding too, and keeps none of the others from being made."""
    for name, check in checks:
        try:
            yield from check()
        except (StoppedError, ClientError, BotoCoreError) as error:
            yield Finding(f"{name}: could not be checked", said(error))


def report(findings: Iterable[Finding]) -> int:
    """Prints them as they come. How many are red."""
    colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    red = 0
    for each in findings:
        mark, colour = ("!!", RED) if each.advice else ("ok", GREEN)
        say(f"{colour}{mark}{PLAIN} {each.what}" if colours else f"{mark} {each.what}")
        if each.advice:
            red += 1
            say(f"   {each.advice}")
    return red
