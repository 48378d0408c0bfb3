# ruff: noqa: T201 - a command prints to its terminal
"""Loads the cast into the characters table: `python -m publishing.cast [folder of cards]`.

Every card is checked before the first one is written: a broken card leaves the table as it was. Loading again writes
changed cards only. A character whose card was removed from the folder stays in the table: people talk to it.
"""

import argparse
import os
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Annotated

from botocore.exceptions import BotoCoreError, ClientError
from pydantic import AfterValidator, Field
from pydantic_core import PydanticCustomError
from pynamodb.exceptions import PynamoDBException

from publishing.card_file import CardError, Problem, read_card
from troupe.characters.card import Card, CardData, Extensions, Greeting, Locale, Name, Presentation
from troupe.characters.character import Character
from troupe.settings import Environment, SettingsError
from troupe.telegram.texts import LANGUAGES

ROOT = Path(__file__).parents[1]
CARDS = ROOT / "characters"
SITE = ROOT / "static_site"


def _in_every_language(locales: Mapping[str, Locale]) -> Mapping[str, Locale]:
    if missing := [language for language in LANGUAGES if language not in locales]:
        raise PydanticCustomError("language", "must have {languages} too", {"languages": " and ".join(missing)})
    return locales


class BuiltInPresentation(Presentation):
    position: Annotated[int, Field(ge=1)]
    avatar: Annotated[str, Field(pattern=r"^avatars/[a-z0-9_-]+\.svg$")]
    locales: Annotated[Mapping[str, Locale], AfterValidator(_in_every_language)]


class BuiltInExtensions(Extensions):
    troupe: BuiltInPresentation


class BuiltInData(CardData):
    name: Name
    first_mes: Greeting
    extensions: BuiltInExtensions


class BuiltInCard(Card):
    """A card that ships with Troupe: every field of Troupe's own extension is required."""

    data: BuiltInData

    @property
    def presentation(self) -> BuiltInPresentation:
        return self.data.extensions.troupe


def read_cast(folder: Path = CARDS, site: Path = SITE) -> dict[str, BuiltInCard]:
    """The cards by character id.

    :raises CardError: names all problems of all cards
    """
    cast: dict[str, BuiltInCard] = {}
    problems: list[Problem] = []
    for path in sorted(folder.glob("*.json")):
        try:
            cast[path.stem] = card = read_card(path, BuiltInCard)
        except CardError as error:
            problems += error.problems
        else:
            problems += _inconsistencies(str(path), card, site)
    if not cast and not problems:
        problems.append(Problem(str(folder), "", "there are no character cards (*.json) here"))
    if problems:
        raise CardError(*problems)
    return cast


def _inconsistencies(file: str, card: BuiltInCard, site: Path) -> Iterator[Problem]:
    """Other programs read the standard's fields, and Troupe reads the locales: in English the two must agree."""
    data, english = card.data, card.presentation.locales["en"]
    if not (site / card.presentation.avatar).is_file():
        yield Problem(file, "data.extensions.troupe.avatar", f"there is no {site / card.presentation.avatar}")
    same = {
        "name": (data.name, english.name),
        "first_mes": (data.first_mes, english.greeting),
        "alternate_greetings": (data.alternate_greetings, english.alternate_greetings),
        "creator_notes": (data.creator_notes, english.tagline),
        "tags": (data.tags, english.tags),
    }
    for field, (standard, ours) in same.items():
        if standard != ours:
            yield Problem(file, f"data.{field}", "must say the same as its counterpart in the English locale")


def put_cast(cast: Mapping[str, BuiltInCard]) -> Iterator[tuple[str, str]]:
    """Writes the cards. Yields each id with what was done: added, updated or unchanged."""
    for character_id, card in cast.items():
        known, new = Character.find(character_id), _item(character_id, card)
        if known is None:
            done = "added"
        else:
            # The operator hides a character in the table: loading the cast must not bring it back into the picker.
            new.owner, new.visibility = known.owner, known.visibility
            done = "unchanged" if known.serialize() == new.serialize() else "updated"
        if done != "unchanged":
            new.save()
        yield character_id, done


def _item(character_id: str, card: BuiltInCard) -> Character:
    shown = card.presentation
    return Character(
        character_id,
        card=card.to_json(),
        position=shown.position,
        avatar=shown.avatar,
        tags=card.data.tags,
        locales={
            language: {"name": words.name, "tagline": words.tagline, "tags": words.tags or card.data.tags}
            for language, words in shown.locales.items()
        },
    )


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="python -m publishing.cast", description="Load or update the cast.")
    parser.add_argument("folder", nargs="?", type=Path, default=CARDS, help="where the cards are (%(default)s)")
    settings = Environment(os.environ)
    try:
        cast = read_cast(parser.parse_args(arguments).folder)
        settings.text("CHARACTERS_TABLE")
        settings.check()
        for character_id, done in put_cast(cast):
            print(f"{character_id}: {done}")
    except (CardError, SettingsError) as error:
        print(error, file=sys.stderr)
        return 1
    except (PynamoDBException, BotoCoreError, ClientError) as error:
        print(f"The table could not be written, load again when it can: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
