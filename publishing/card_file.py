"""Reads a character card from a file, and names everything that is wrong with it."""

import logging
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

from pydantic import ValidationError

from troupe.characters.card import Card
from troupe.characters.character import CHARACTER_ID

# A DynamoDB item has at most 400 kB, and holds the names and taglines a second time beside the card.
MAX_CARD_BYTES = 300_000
LATEST_VERSION = (3, 0)

logger = logging.getLogger(__name__)
AnyCard = TypeVar("AnyCard", bound=Card)


@dataclass(frozen=True)
class Problem:
    file: str
    field: str
    reason: str

    def __str__(self) -> str:
        return ": ".join(filter(None, (self.file, self.field, self.reason)))


class CardError(ValueError):
    """At least one card can't be used. The message has a line for each problem; no line quotes the card."""

    def __init__(self, *problems: Problem) -> None:
        super().__init__("\n".join(map(str, problems)))
        self.problems = problems


def read_card(path: Path, kind: type[AnyCard]) -> AnyCard:
    """Accepts a card of a newer standard, with a warning: unknown fields stay in it, unused.

    :raises CardError: names everything that is wrong, also with the file's name, which is the character's id
    """
    problems: list[Problem] = []
    if not CHARACTER_ID.fullmatch(path.stem):
        problems.append(
            Problem(str(path), "file name", "must be 1 to 64 of a-z, 0-9, _ and -, it is the character's id")
        )
    try:
        card = _parse(path, kind)
    except CardError as error:
        raise CardError(*problems, *error.problems) from None
    if problems:
        raise CardError(*problems)
    if card.version > LATEST_VERSION:
        logger.warning(
            "%s: %s %s is newer than 3.0; what is new in it is kept and not used", path, card.spec, card.spec_version
        )
    return card


def _parse(path: Path, kind: type[AnyCard]) -> AnyCard:
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CardError(Problem(str(path), "", f"cannot be read: {error.strerror}")) from None
    if len(raw) > MAX_CARD_BYTES:
        raise CardError(Problem(str(path), "", f"is larger than {MAX_CARD_BYTES} bytes"))
    try:
        return kind.parse(raw)
    except ValidationError as error:
        raise CardError(*_problems(path, error)) from None
    except ValueError as error:
        raise CardError(Problem(str(path), "", f"is not JSON: {error}")) from None


def _problems(path: Path, error: ValidationError) -> Iterator[Problem]:
    for found in error.errors(include_input=False, include_url=False):
        yield Problem(str(path), ".".join(map(str, found["loc"])), found["msg"])
