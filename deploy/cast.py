"""`make cast`: loads the cast into the stack's table, or brings it up to date."""

import argparse
import os
import sys
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

from pynamodb.exceptions import PynamoDBException

from deploy.account import Account
from deploy.stack import Stack, live
from deploy.terminal import StoppedError, parser, run, say
from publishing.card_file import CardError
from publishing.cast import CARDS, BuiltInCard, put_cast, read_cast

Cast = Mapping[str, BuiltInCard]


def read(folder: Path) -> Cast:
    """:raises StoppedError: names every problem of every card"""
    try:
        return read_cast(folder)
    except CardError as error:
        raise StoppedError(f"The cast can't be used as it is:\n{error}") from None


def load(stack: Stack, cast: Cast) -> None:
    """:raises StoppedError: the table could not be written; another run goes on"""
    os.environ["CHARACTERS_TABLE"] = stack.resources()["CharactersTable"]
    try:
        done = dict(put_cast(cast))
    except PynamoDBException as error:
        raise StoppedError(f"The table of characters could not be written; run this again: {error}") from None
    counts = Counter(done.values())
    say(f"{len(done)} characters: " + ", ".join(f"{number} {what}" for what, number in sorted(counts.items())))


def main(options: argparse.Namespace) -> None:
    cast = read(options.cards)
    Account.open()
    load(live(options.stack), cast)


if __name__ == "__main__":
    known = parser("cast", "Load the characters, or bring them up to date.")
    known.add_argument("--cards", type=Path, default=CARDS, help="folder of character cards (%(default)s)")
    sys.exit(run(main, known.parse_args()))
