"""The personal data in characters: those that a person made, and chats of other programs that wait for one."""

import base64
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import asdict

from functions.llm_reply.privacy.data_category import DataSubject, Key, Row
from troupe.brought_chats import shelf
from troupe.brought_chats.shelf import ChatPiece
from troupe.characters import owned, portrait
from troupe.characters.character import Character
from troupe.characters.owners_list import Listed, OwnersList
from troupe.characters.packed_card import CardPart
from troupe.characters.portrait import Portrait


class Characters:
    """The characters that the person made: card, portrait, and place in the person's list."""

    name, models = "characters", (Character, CardPart, Portrait, OwnersList)

    def rows(self, subject: DataSubject, after: str) -> Iterator[tuple[str, Row]]:
        for listed in sorted(owned.listed_of(subject.person_id), key=lambda each: each.character_id):
            if listed.character_id > after:
                yield listed.character_id, _with_card(subject.person_id, listed)

    def keys(self, subject: DataSubject) -> list[Key]:
        return [each.character_id for each in owned.listed_of(subject.person_id)]

    def erase(self, subject: DataSubject, keys: Sequence[Key]) -> None:
        for character_id in keys:
            owned.delete(subject.person_id, character_id)
        if not keys:
            OwnersList.of(subject.person_id).delete()


def _with_card(person_id: int, listed: Listed) -> Row:
    row = asdict(listed)
    with suppress(owned.UnknownCharacterError):
        row["card"] = owned.owned_card(person_id, listed.character_id)[1]
    picture = portrait.find(listed.portrait or "")
    if picture:
        row["portrait"] = f"data:{picture.media_type};base64,{base64.b64encode(picture.picture).decode()}"
    return row


class BroughtChats:
    """Chats from other programs that wait for the person to say subject they are."""

    name, models = "chats", (ChatPiece,)

    def rows(self, subject: DataSubject, after: str) -> Iterator[tuple[str, Row]]:
        for digest in sorted(_digests(subject)):
            found = shelf.find(subject.person_id, digest)
            for number in range(len(found[1])) if found else ():
                name = f"{digest}:{number:04}"
                turns = shelf.piece(subject.person_id, digest, number) if name > after else None
                if turns and found:
                    yield name, {"with": found[0].names, "turns": [turn.stored for turn in turns]}

    def keys(self, subject: DataSubject) -> list[Key]:
        return _digests(subject)

    def erase(self, subject: DataSubject, keys: Sequence[Key]) -> None:
        for digest in keys:
            shelf.drop(subject.person_id, digest)


def _digests(subject: DataSubject) -> list[str]:
    return [digest for digest, _ in OwnersList.of(subject.person_id).chats]
