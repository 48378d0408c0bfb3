"""`make doctor`: checks a live stack from inside and outside. Red lines say what to do, and make the status 1."""

import argparse
import sys
from functools import partial

from deploy import inside, monitoring, outside
from deploy.account import Account
from deploy.findings import found, report
from deploy.stack import DEAD, look
from deploy.terminal import StoppedError, parser, run, say


def main(options: argparse.Namespace) -> None:
    account = Account.open()
    stack = look(options.stack)
    if stack is None or stack.status in DEAD:
        raise StoppedError(f"There is no stack {options.stack} in {account.region}: `make deploy` makes it.")
    inner = {
        "stack": inside.state,
        "secrets": inside.secrets,
        "functions": inside.functions,
        "event sources": inside.feeds,
        "schedule": inside.schedule,
        "queues": inside.queues,
        "concurrency": monitoring.quota,
        "alarms": monitoring.alarms,
        "addresses for alarms": monitoring.addresses,
        "recent errors": monitoring.errors,
    }
    outer = {
        "Telegram": outside.telegram,
        "model": outside.model,
        "picker": outside.site,
        "webhook": outside.door,
    }
    checks = [(name, partial(check, stack)) for name, check in (inner | outer).items()]
    red = report(found([("clock", inside.clock), *checks]))
    if red:
        raise StoppedError(f"\n{red} thing{'s' if red > 1 else ''} to see to.")
    say("\nAll is well.")


if __name__ == "__main__":
    sys.exit(run(main, parser("doctor", "Check a live stack from inside and outside.").parse_args()))
