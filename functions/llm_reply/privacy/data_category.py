"""A category of personal data: rows that belong to a person, for the export and the erasure."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from troupe.tables import Table

# Rows that an export reads with one request. DynamoDB answers with 1 MB at most.
PAGE = 50
# Rows that are erased between two notes of how far the erasure is.
ERASED_AT_ONCE = 50

Row = dict[str, Any]
# A value that JSON can carry.
Key = Any


@dataclass(frozen=True)
class DataSubject:
    """The person that the data is about, and their private chat with the bot."""

    person_id: int
    chat_id: int


class DataCategory(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def models(self) -> Sequence[type[Table]]:
        """The kinds of rows that it covers."""

    def rows(self, subject: DataSubject, after: str) -> Iterator[tuple[str, Row]]:
        """The rows, whole, each with its name; in the order of the names.

        :param after: the name of the row before the first one; empty for all
        """

    def keys(self, subject: DataSubject) -> list[Key]:
        """The keys of some of the rows that are left; empty at the end."""

    def erase(self, subject: DataSubject, keys: Sequence[Key]) -> None:
        """Erases these rows, or what is left of them. Without keys: what remains when there is no row any more."""


def values(attributes: dict[str, Any]) -> Row:
    return {name: value for name, value in attributes.items() if value is not None and name != "erasure"}
