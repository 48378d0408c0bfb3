"""`make deploy`: from an AWS account and three keys to a bot that answers. Every step may be repeated."""

import argparse
import os
import sys
from pathlib import Path

from deploy import cast, kept_tables, questions, secrets, site
from deploy.account import Account
from deploy.change_set import Choice
from deploy.infrastructure import build, clear_the_way, create, sam, update
from deploy.parameters import Parameters, chosen
from deploy.secret_parameters import TOKEN, required
from deploy.servers import Servers
from deploy.stack import Stack
from deploy.terminal import StoppedError, parser, run, say
from deploy.webhook import set_webhook
from publishing.cast import CARDS

STEPS = 6


def step(number: int, title: str) -> None:
    say(f"\n[{number}/{STEPS}] {title}")


def main(options: argparse.Namespace) -> None:
    """Every check that needs no change in the account comes before the first change."""
    characters = cast.read(options.cards)
    site.read_site()
    sam()
    given = chosen(options.parameters)
    questions.choose_region()
    account = Account.open()
    known = clear_the_way(options.stack)
    say(f"Stack {options.stack} in {account.region}, AWS account {account.number}" + ("" if known else ": a new one"))

    step(1, "Secrets")
    changed = secrets.keep(options.stack, ask_all=False)
    tables = _kept_tables(options) if known is None else {}
    if known is None:
        given |= questions.for_a_new_stack(given)
    step(2, "Build")
    if options.build:
        build()
    step(3, "AWS resources (the first time this takes about ten minutes)")
    stack = _bring_up(options, account, known, given, tables)
    if stack is None:
        return
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


def _kept_tables(options: argparse.Namespace) -> kept_tables.Tables:
    found = kept_tables.find(options.stack)
    return found if kept_tables.wanted(found, options.tables) else {}


def _bring_up(
    options: argparse.Namespace, account: Account, known: Stack | None, given: Parameters, tables: kept_tables.Tables
) -> Stack | None:
    """Returns None after a preview."""
    if known:
        return update(known, account, given, Choice(options.preview, options.replace_tables))
    if options.preview:
        raise StoppedError(f"There is no stack {options.stack} yet: a preview shows what an update would change.")
    return create(options.stack, account, given, tables)


if __name__ == "__main__":
    known_options = parser("deploy", "Bring the stack into the account, or up to date.")
    known_options.add_argument("--cards", type=Path, default=CARDS, help="folder of character cards (%(default)s)")
    known_options.add_argument(
        "--parameters",
        default=os.environ.get("PARAMETERS", ""),
        help="of template.yaml, as Name=value Name=value (PARAMETERS)",
    )
    known_options.add_argument(
        "--tables",
        choices=(kept_tables.KEPT, kept_tables.NEW),
        default=os.environ.get("TABLES") or None,
        help="for a new stack: use the tables that an earlier one has left, or make new ones (TABLES)",
    )
    known_options.add_argument("--preview", action="store_true", help="show what an update would change, and stop")
    known_options.add_argument(
        "--replace-tables", action="store_true", help="let an update replace or remove tables, without their data"
    )
    known_options.add_argument(
        "--no-build", dest="build", action="store_false", help="deploy the packages of the last build"
    )
    sys.exit(run(main, known_options.parse_args()))
