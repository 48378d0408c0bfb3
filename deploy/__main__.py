"""`make deploy`: from an AWS account and three keys to a bot that answers. Every step may be repeated."""

import argparse
import os
import sys
from pathlib import Path

from deploy import cast, secrets, site
from deploy.account import Account
from deploy.infrastructure import build, clear_the_way, deploy, overrides, sam
from deploy.secret_parameters import TOKEN, required
from deploy.servers import Servers
from deploy.terminal import StoppedError, ask, interactive, parser, run, say
from deploy.webhook import set_webhook
from publishing.cast import CARDS

STEPS = 6


def step(number: int, title: str) -> None:
    say(f"\n[{number}/{STEPS}] {title}")


def main(options: argparse.Namespace) -> None:
    """Whatever can be found wrong is found before anything changes."""
    characters = cast.read(options.cards)
    site.read_site()
    sam()
    parameters = overrides(options.parameters)
    account = Account.open()
    known = clear_the_way(options.stack)
    say(f"Stack {options.stack} in {account.region}, AWS account {account.number}" + ("" if known else ": a new one"))

    step(1, "Secrets")
    changed = secrets.keep(options.stack, ask_all=False)
    if known is None:
        parameters += _first_time()
    step(2, "Build")
    build()
    step(3, "AWS resources (the first time this takes about ten minutes)")
    stack = deploy(options.stack, account, parameters)
    if known and changed:
        secrets.renew(stack)
    step(4, "The picker's page")
    site.upload(stack)
    step(5, "The cast")
    cast.load(stack, characters)
    step(6, "Telegram")
    set_webhook(stack)

    (token,) = required(options.stack, TOKEN)
    say(f"\nLive: https://t.me/{Servers.of(stack).username(token)}")
    say("`make doctor` checks all of it, now and at any later time.")


def _first_time() -> list[str]:
    """What is worth asking at the start; later it is a parameter like any other.

    :raises StoppedError: the answer is no address
    """
    if not interactive() or os.environ.get("ALARM_EMAIL"):
        return []
    address = ask("E-mail address for alarms (Enter for none)")
    if address and ("@" not in address or " " in address):
        raise StoppedError(f"{address!r} is no e-mail address.")
    return [f"AlarmEmail={address}"] if address else []


if __name__ == "__main__":
    known_options = parser("deploy", "Bring the stack into the account, or up to date.")
    known_options.add_argument("--cards", type=Path, default=CARDS, help="folder of character cards (%(default)s)")
    known_options.add_argument(
        "--parameters",
        default=os.environ.get("PARAMETERS", ""),
        help="of template.yaml, as Name=value Name=value (PARAMETERS)",
    )
    sys.exit(run(main, known_options.parse_args()))
