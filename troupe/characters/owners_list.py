"""The list of one person's characters: an item of the characters table."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from typing import Any, Self

from pynamodb.attributes import JSONAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError

from troupe.clock import now_ms
from troupe.tables import Table, condition_failed

MAX_CHARACTERS = 20
MAX_FILES_PER_HOUR = 10
HOUR_MS = 3_600_000
# A chat that waits is deleted after a day, by DynamoDB within two more.
MAX_CHAT_AGE_MS = 72 * HOUR_MS
# Writes of one change, each of them refused because another change was written at the same moment.
MAX_ATTEMPTS = 5


class TooManyCharactersError(Exception):
    """The person has MAX_CHARACTERS."""


@dataclass(frozen=True)
class Listed:
    """A character as its owner's list shows it. `portrait` is the portrait's name, None without one.

    `source` names the file or the request that it was made of. `made_at` is in milliseconds since 1970.
    """

    character_id: str
    source: str
    made_at: int
    visibility: str
    name: str
    tagline: str
    tags: tuple[str, ...] = ()
    portrait: str | None = None


class OwnersList(Table):
    """`character_id` is "owner:<Telegram id>", which is no id of a character."""

    class Meta:
        setting = "CHARACTERS_TABLE"
        table_name = ""

    character_id = UnicodeAttribute(hash_key=True)
    # {character id: the other fields of Listed}
    characters = JSONAttribute(default=dict)
    # The files that the person sent within the last hour: [source, time in ms].
    files = JSONAttribute(default=list)
    # The chats that wait for the person to name their character: [digest, time in ms].
    chats = JSONAttribute(default=list)
    # Counts the writes: each is refused unless it continues the list that it read.
    written = NumberAttribute(default=0)

    @classmethod
    def of(cls, owner: int) -> Self:
        return cls.find(f"owner:{owner}") or cls(f"owner:{owner}")

    def listed(self) -> list[Listed]:
        return [
            Listed(character_id, **{**found, "tags": tuple(found["tags"])})
            for character_id, found in self.characters.items()
        ]

    def find_place(self, character_id: str) -> Listed | None:
        return next((each for each in self.listed() if each.character_id == character_id), None)

    def find_source(self, source: str) -> Listed | None:
        return next((each for each in self.listed() if each.source == source), None)

    @classmethod
    def add(cls, owner: int, new: Listed) -> None:
        """Adds a character, or replaces the one with the same id.

        :raises TooManyCharactersError: the person has MAX_CHARACTERS others
        """

        def added(listed: dict[str, Listed]) -> dict[str, Listed]:
            if len(listed.keys() - {new.character_id}) >= MAX_CHARACTERS:
                raise TooManyCharactersError
            return listed | {new.character_id: new}

        cls._write_listed(owner, added)

    @classmethod
    def change(cls, owner: int, character_id: str, **fields: Any) -> None:
        def changed(listed: dict[str, Listed]) -> dict[str, Listed]:
            found = listed.get(character_id)
            return listed | {character_id: replace(found, **fields)} if found else listed

        cls._write_listed(owner, changed)

    @classmethod
    def remove(cls, owner: int, character_id: str) -> None:
        cls._write_listed(owner, lambda listed: {name: each for name, each in listed.items() if name != character_id})

    @classmethod
    def note_file(cls, owner: int, source: str) -> bool:
        """False if the person sent MAX_FILES_PER_HOUR others within an hour. A repeat of a file counts once."""
        allowed = True

        def noted(mine: Self) -> None:
            nonlocal allowed
            others = [file for file in mine.files if file[0] != source and file[1] > now_ms() - HOUR_MS]
            allowed = len(others) < MAX_FILES_PER_HOUR
            mine.files = [*others, [source, now_ms()]] if allowed else others

        cls._write(owner, noted)
        return allowed

    @classmethod
    def note_chat(cls, owner: int, digest: str) -> None:
        """Notes a chat before it is stored, so that an erasure finds it. Drops those that DynamoDB has deleted."""

        def noted(mine: Self) -> None:
            recent = [chat for chat in mine.chats if chat[0] != digest and chat[1] > now_ms() - MAX_CHAT_AGE_MS]
            mine.chats = [*recent, [digest, now_ms()]]

        cls._write(owner, noted)

    @classmethod
    def forget_chat(cls, owner: int, digest: str) -> None:
        def forgotten(mine: Self) -> None:
            mine.chats = [chat for chat in mine.chats if chat[0] != digest]

        cls._write(owner, forgotten)

    @classmethod
    def _write_listed(cls, owner: int, changed: Callable[[dict[str, Listed]], dict[str, Listed]]) -> None:
        def change(mine: Self) -> None:
            listed = changed({each.character_id: each for each in mine.listed()})
            mine.characters = {name: _without_id(each) for name, each in listed.items()}

        cls._write(owner, change)

    @classmethod
    def _write(cls, owner: int, change: Callable[[Self], None]) -> None:
        """:raises PutError: the table can't be reached, or other writes came first MAX_ATTEMPTS times"""
        for attempt in range(1, MAX_ATTEMPTS + 1):
            mine = cls.of(owner)
            change(mine)
            before = int(mine.written)
            mine.written = before + 1
            try:
                mine.save(condition=(cls.written == before) if before else cls.character_id.does_not_exist())
            except PutError as error:
                if not condition_failed(error) or attempt == MAX_ATTEMPTS:
                    raise
            else:
                return


def _without_id(listed: Listed) -> dict[str, Any]:
    return {name: value for name, value in asdict(listed).items() if name != "character_id"}
