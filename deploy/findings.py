"""The findings of a check of a live stack, and their lines at a terminal."""

import os
import sys
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError, ClientError

from deploy.terminal import StoppedError, said, say

GREEN, YELLOW, RED, PLAIN = "\033[32m", "\033[33m", "\033[31m", "\033[0m"


@dataclass(frozen=True)
class Finding:
    """`advice` tells the operator what to do; it is empty if all is well. Only urgent findings fail the check."""

    what: str
    advice: str = ""
    urgent: bool = True

    @property
    def is_red(self) -> bool:
        return bool(self.advice) and self.urgent


Check = Callable[[], Iterable[Finding]]


def good(what: str) -> Finding:
    return Finding(what)


def note(what: str, advice: str) -> Finding:
    return Finding(what, advice, urgent=False)


def found(checks: Iterable[tuple[str, Check]]) -> Iterator[Finding]:
    """A check that fails is a finding too, and the other checks go on."""
    for name, check in checks:
        try:
            yield from check()
        except (StoppedError, ClientError, BotoCoreError) as error:
            yield Finding(f"{name}: could not be checked", said(error))


def report(findings: Iterable[Finding]) -> int:
    """Prints each finding as it comes, and returns the number of red ones."""
    colours = sys.stdout.isatty() and not os.environ.get("NO_COLOR")
    red = 0
    for each in findings:
        mark, colour = ("!!", RED) if each.is_red else ("--", YELLOW) if each.advice else ("ok", GREEN)
        say(f"{colour}{mark}{PLAIN} {each.what}" if colours else f"{mark} {each.what}")
        red += each.is_red
        if each.advice:
            say(f"   {each.advice}")
    return red
