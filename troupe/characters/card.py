"""A character card: chara_card_v3, and its predecessor chara_card_v2.

Rules: github.com/kwaroran/character-card-spec-v3. Unknown fields stay in the card, so that it is exported as it was
imported. Its text is data: five macros are replaced by names, and nothing is evaluated.
"""

import codecs
import re
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError, from_json

# Telegram's limit for a message, in code points.
MAX_GREETING = 4096

_MACRO = re.compile(r"\{\{(char|user)\}\}|<(bot|char|user)>", re.IGNORECASE | re.ASCII)
_ORIGINAL = re.compile(r"\{\{original\}\}", re.IGNORECASE | re.ASCII)


def _filled(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "must not be empty")
    return text


Name = Annotated[str, Field(max_length=64), AfterValidator(_filled)]
Greeting = Annotated[str, Field(max_length=MAX_GREETING), AfterValidator(_filled)]
Tag = Annotated[str, Field(max_length=40), AfterValidator(_filled)]
Tagline = Annotated[str, Field(max_length=70), AfterValidator(_filled)]


class _Part(BaseModel):
    # Errors are logged, and a person's card is private: they name the field and not its text.
    model_config = ConfigDict(extra="allow", strict=True, frozen=True, hide_input_in_errors=True)


class Locale(_Part):
    """The character in one language, as people see it. `welcome_back` greets a person who returns."""

    name: Name
    tagline: Tagline
    greeting: Greeting
    alternate_greetings: list[Greeting] = []
    welcome_back: Annotated[list[Greeting], Field(min_length=1)]
    tags: list[Tag] = []


class Presentation(_Part):
    """Troupe's own extension. `position` in the picker counts from 1; `avatar` is relative to the picker's page."""

    position: int = 0
    avatar: str = ""
    locales: Mapping[str, Locale] = {}


class Extensions(_Part):
    troupe: Presentation = Presentation()


class CardData(_Part):
    name: Name
    nickname: str = ""
    description: str = ""
    personality: str = ""
    scenario: str = ""
    first_mes: Greeting
    mes_example: str = ""
    system_prompt: str = ""
    post_history_instructions: str = ""
    alternate_greetings: list[Greeting] = []
    group_only_greetings: list[str] = []
    character_book: dict[str, Any] = {}
    creator: str = ""
    character_version: str = ""
    creator_notes: str = ""
    creator_notes_multilingual: dict[str, str] = {}
    tags: list[str] = []
    assets: list[dict[str, Any]] = []
    source: list[str] = []
    creation_date: int = 0
    modification_date: int = 0
    extensions: Extensions = Extensions()

    @property
    def char_name(self) -> str:
        """The name that replaces {{char}}."""
        return self.nickname or self.name


class Card(_Part):
    spec: Annotated[str, Field(pattern=r"^chara_card_v([2-9]|[1-9][0-9]{1,3})$")]
    spec_version: Annotated[str, Field(pattern=r"^[0-9]{1,4}(\.[0-9]{1,4})*$")]
    data: CardData

    @classmethod
    def parse(cls, raw: bytes) -> Self:
        """:raises ValueError: not JSON, or (pydantic's ValidationError) no card"""
        return cls.model_validate(from_json(raw.removeprefix(codecs.BOM_UTF8), allow_inf_nan=False))

    @property
    def version(self) -> tuple[int, ...]:
        """The higher one of the two versions that a card states, in `spec` and in `spec_version`."""
        return max((int(self.spec.rpartition("v")[2]), 0), tuple(map(int, self.spec_version.split("."))))

    def locale(self, language: str) -> Locale:
        """The character in that language; without such a locale, as the standard's own fields have it."""
        data = self.data
        return data.extensions.troupe.locales.get(language) or Locale(
            name=data.name,
            tagline=data.name,
            greeting=data.first_mes,
            alternate_greetings=data.alternate_greetings,
            welcome_back=[data.first_mes],
        )

    def to_json(self) -> str:
        return self.model_dump_json(exclude_unset=True)


def fill(text: str, *, char: str, user: str) -> str:
    """Puts the names in place of {{char}}, {{user}}, <BOT>, <CHAR> and <USER>, in any case, once.

    A name that looks like a macro stays as it is.
    """
    names = {"char": char, "bot": char, "user": user}
    return _MACRO.sub(lambda macro: names[(macro[1] or macro[2]).lower()], text)


def with_original(card_text: str, original: str) -> str:
    """A card's system prompt (or post-history instructions), which replaces Troupe's default.

    {{original}} in it stands for the default, and an empty text leaves the default. Call it before `fill`: a person
    may be named {{original}}.
    """
    return _ORIGINAL.sub(lambda _: original, card_text) if card_text.strip() else original
