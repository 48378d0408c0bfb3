"""What the bot holds of a person, table by table: each holding gives its rows for the export, and erases them.

A new table with rows of people gets a holding here, and a name for it in `troupe.telegram.privacy_texts`.
"""

import base64
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict, dataclass
from itertools import islice
from typing import Any, Protocol

from troupe import invitations
from troupe.brought_chats import shelf
from troupe.brought_chats.shelf import ChatPiece
from troupe.characters import owned, portrait
from troupe.characters.character import Character
from troupe.characters.owners_list import Listed, OwnersList
from troupe.characters.packed_card import CardPart
from troupe.characters.portrait import Portrait
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.invitations import Invitation
from troupe.memories import facts
from troupe.memories.facts import shared_owner
from troupe.memories.memory_part import MemoryPart, part_names, read_parts
from troupe.spending.days import PersonDay, account_of
from troupe.tables import Table
from troupe.users import User

# Rows that an export reads with one request. DynamoDB answers with 1 MB at most.
PAGE = 50
# Rows that are erased between two notes of how far the erasure is.
ERASED_AT_ONCE = 50

Row = dict[str, Any]
# A value that JSON can carry.
Key = Any


@dataclass(frozen=True)
class Whose:
    """The person, and their private chat with the bot."""

    person_id: int
    chat_id: int


class Holding(Protocol):
    @property
    def name(self) -> str: ...

    @property
    def models(self) -> Sequence[type[Table]]:
        """The kinds of rows that it covers."""

    def rows(self, whose: Whose, after: str) -> Iterator[tuple[str, Row]]:
        """The rows, whole, each with its name; in the order of the names.

        :param after: the name of the row before the first one; empty for all
        """

    def keys(self, whose: Whose) -> list[Key]:
        """The keys of some of the rows that are left; empty at the end."""

    def erase(self, whose: Whose, keys: Sequence[Key]) -> None:
        """Erases these rows, or what is left of them. Without keys: what remains when there is no row any more."""


class Profile:
    """The person's own row. It is the last one to go, because it says that the erasure is under way."""

    name, models = "profile", (User,)

    def rows(self, whose: Whose, after: str) -> Iterator[tuple[str, Row]]:
        user = User.find(whose.person_id)
        if user and not after:
            yield self.name, _values(user.attribute_values)

    def keys(self, _whose: Whose) -> list[Key]:
        return []

    def erase(self, whose: Whose, keys: Sequence[Key]) -> None:
        """Does nothing: `troupe.erasure.end` deletes the row."""


class Turns:
    name, models = "turns", (Turn,)

    def rows(self, whose: Whose, after: str) -> Iterator[tuple[str, Row]]:
        theirs = Turn.person_id == whose.person_id
        later = Turn.message_id > int(after) if after else None
        for turn in Turn.query(whose.chat_id, later, filter_condition=theirs, page_size=PAGE):
            yield str(int(turn.message_id)), _values(turn.attribute_values)

    def keys(self, whose: Whose) -> list[Key]:
        theirs = Turn.person_id == whose.person_id
        found = Turn.query(whose.chat_id, filter_condition=theirs, consistent_read=True, attributes_to_get=_TURN_KEY)
        return [int(turn.message_id) for turn in islice(found, ERASED_AT_ONCE)]

    def erase(self, whose: Whose, keys: Sequence[Key]) -> None:
        with Turn.batch_write() as batch:
            for message_id in keys:
                batch.delete(Turn(whose.chat_id, message_id))


class Memories:
    """Facts, and the index and vectors of the turns. They are keyed by conversation, so they go before those."""

    name, models = "memories", (MemoryPart,)

    def rows(self, whose: Whose, after: str) -> Iterator[tuple[str, Row]]:
        """The facts. Index and vectors are left out: they are made of the turns, and no reader could use them."""
        for owner in _owners(whose):
            found = read_parts(owner, (facts.PART, facts.PAST_PART)) if owner > after else {}
            if found:
                yield owner, {"of": owner, **found}

    def keys(self, whose: Whose) -> list[Key]:
        found = ([owner, part] for owner in _owners(whose) for part in part_names(owner))
        return list(islice(found, ERASED_AT_ONCE))

    def erase(self, _whose: Whose, keys: Sequence[Key]) -> None:
        with MemoryPart.batch_write() as batch:
            for owner, part in keys:
                batch.delete(MemoryPart(owner, part))


def _owners(whose: Whose) -> list[str]:
    """The owners of memories, sorted: the person's conversations, and the person."""
    found = Conversation.query(whose.person_id, consistent_read=True, attributes_to_get=_CONVERSATION_KEY)
    return sorted([shared_owner(whose.person_id), *(str(talk.conversation_id) for talk in found)])


class Conversations:
    name, models = "conversations", (Conversation,)

    def rows(self, whose: Whose, after: str) -> Iterator[tuple[str, Row]]:
        later = Conversation.conversation_id > after if after else None
        for talk in Conversation.query(whose.person_id, later, page_size=PAGE):
            yield str(talk.conversation_id), _values(talk.attribute_values)

    def keys(self, whose: Whose) -> list[Key]:
        found = Conversation.query(whose.person_id, consistent_read=True, attributes_to_get=_CONVERSATION_KEY)
        return [str(talk.conversation_id) for talk in islice(found, ERASED_AT_ONCE)]

    def erase(self, whose: Whose, keys: Sequence[Key]) -> None:
        with Conversation.batch_write() as batch:
            for conversation_id in keys:
                batch.delete(Conversation(whose.person_id, conversation_id))


class Characters:
    """The characters that the person made: card, portrait, and place in the person's list."""

    name, models = "characters", (Character, CardPart, Portrait, OwnersList)

    def rows(self, whose: Whose, after: str) -> Iterator[tuple[str, Row]]:
        for listed in sorted(owned.listed_of(whose.person_id), key=lambda each: each.character_id):
            if listed.character_id > after:
                yield listed.character_id, _with_card(whose.person_id, listed)

    def keys(self, whose: Whose) -> list[Key]:
        return [each.character_id for each in owned.listed_of(whose.person_id)]

    def erase(self, whose: Whose, keys: Sequence[Key]) -> None:
        for character_id in keys:
            owned.delete(whose.person_id, character_id)
        if not keys:
            OwnersList.of(whose.person_id).delete()


def _with_card(person_id: int, listed: Listed) -> Row:
    row = asdict(listed)
    with suppress(owned.UnknownCharacterError):
        row["card"] = owned.owned_card(person_id, listed.character_id)[1]
    picture = portrait.find(listed.portrait or "")
    if picture:
        row["portrait"] = f"data:{picture.media_type};base64,{base64.b64encode(picture.picture).decode()}"
    return row


class BroughtChats:
    """Chats from other programs that wait for the person to say whose they are."""

    name, models = "chats", (ChatPiece,)

    def rows(self, whose: Whose, after: str) -> Iterator[tuple[str, Row]]:
        for digest in sorted(_digests(whose)):
            found = shelf.find(whose.person_id, digest)
            for number in range(len(found[1])) if found else ():
                name = f"{digest}:{number:04}"
                turns = shelf.piece(whose.person_id, digest, number) if name > after else None
                if turns and found:
                    yield name, {"with": found[0].names, "turns": [turn.stored for turn in turns]}

    def keys(self, whose: Whose) -> list[Key]:
        return _digests(whose)

    def erase(self, whose: Whose, keys: Sequence[Key]) -> None:
        for digest in keys:
            shelf.drop(whose.person_id, digest)


def _digests(whose: Whose) -> list[str]:
    return [digest for digest, _ in OwnersList.of(whose.person_id).chats]


class Invitations:
    """The invitations that let the person in. The person's id goes; the invitation stays used."""

    name, models = "invitations", (Invitation,)

    def rows(self, whose: Whose, after: str) -> Iterator[tuple[str, Row]]:
        for each in invitations.redeemed(whose.person_id):
            if each.conversation_id > after:
                yield str(each.conversation_id), {"invitation": each.code, "expires_at": each.expires_at}

    def keys(self, whose: Whose) -> list[Key]:
        return [each.code for each in invitations.redeemed(whose.person_id)]

    def erase(self, whose: Whose, keys: Sequence[Key]) -> None:
        for code in keys:
            invitations.forget(code, whose.person_id)


class Spending:
    """Sums of money and counts of messages by day, without words. They stay for their 40 days.

    Otherwise /delete would renew a person's limits, and the day's sums would not agree with the provider's bill.
    """

    name, models = "spending", (PersonDay,)

    def rows(self, whose: Whose, after: str) -> Iterator[tuple[str, Row]]:
        later = PersonDay.day > after if after else None
        for day in PersonDay.query(account_of(whose.person_id), later, page_size=PAGE):
            yield str(day.day), _values(day.attribute_values)

    def keys(self, _whose: Whose) -> list[Key]:
        return []

    def erase(self, whose: Whose, keys: Sequence[Key]) -> None:
        """Does nothing: the sums stay."""


_TURN_KEY, _CONVERSATION_KEY = ["chat_id", "message_id"], ["person_id", "conversation_id"]
PROFILE = Profile()
# In the order in which they are erased.
CONVERSATIONS, SPENDING = Conversations(), Spending()
HOLDINGS: tuple[Holding, ...] = (
    Turns(), Memories(), CONVERSATIONS, BroughtChats(), Characters(), Invitations(), SPENDING, PROFILE,
)  # fmt: skip


def _values(attributes: dict[str, Any]) -> Row:
    return {name: value for name, value in attributes.items() if value is not None and name != "erasure"}
