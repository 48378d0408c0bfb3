"""A character card: chara_card_v3, and its predecessor chara_card_v2.

Rules: github.com/kwaroran/character-card-spec-v3. Unknown fields stay in the card, so that it is exported as it was
imported. `troupe.characters.macros` fills its text.
"""

import codecs
from collections.abc import Mapping
from typing import Annotated, Any, Self

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError, from_json

from troupe.characters.card_limits import MAX_PICTURE_STYLE

# Telegram's limit for a message, in code points.
MAX_GREETING = 4096
# The limit of a brought card (`troupe.characters.card_limits`). A long greeting is sent in parts.
MAX_CARD_NAME = 200
MAX_CARD_GREETING = 20_000


def _filled(text: str) -> str:
    if not text.strip():
        raise PydanticCustomError("blank", "must not be empty")
    return text


def _text(value: object) -> object:
    """Editors write null for an empty text, and a number where its author typed one."""
    if value is None:
        return ""
    return str(value) if isinstance(value, int | float) and not isinstance(value, bool) else value


def _list(value: object) -> object:
    """Editors write null for an empty list, and a text for a list of one."""
    if value is None:
        return []
    return [value] if isinstance(value, str) else value


def _seconds(value: object) -> object:
    """Editors write null for an unknown date, and dates with a fraction."""
    if value is None:
        return 0
    return int(value) if isinstance(value, float) else value


Text = Annotated[str, BeforeValidator(_text)]
Texts = Annotated[list[Text], BeforeValidator(_list)]
Record = Annotated[dict[str, Any], BeforeValidator(lambda value: {} if value is None else value)]
Seconds = Annotated[int, BeforeValidator(_seconds)]
Name = Annotated[str, Field(max_length=64), AfterValidator(_filled)]
Greeting = Annotated[str, Field(max_length=MAX_GREETING), AfterValidator(_filled)]
CardName = Annotated[str, Field(max_length=MAX_CARD_NAME), AfterValidator(_filled), BeforeValidator(_text)]
CardGreeting = Annotated[str, Field(max_length=MAX_CARD_GREETING), AfterValidator(_filled)]
Tag = Annotated[str, Field(max_length=40), AfterValidator(_filled)]
Tagline = Annotated[str, Field(max_length=70), AfterValidator(_filled)]


class _Part(BaseModel):
    # Errors are logged, and a person's card is private: they name the field and not its text.
    model_config = ConfigDict(extra="allow", strict=True, frozen=True, hide_input_in_errors=True)


class Locale(_Part):
    """The character in one language, as people see it. `welcome_back` greets a person who returns,
    `out_of_words` tells one at a limit of the day when it goes on: {when} stands for "in about 3 hours".

    Of a card without locales, the greeting may be empty, and nothing welcomes back.

    `nickname` and `mes_example` take the place of the card's own in a conversation in that language.
    """

    name: Name
    nickname: str = ""
    mes_example: str = ""
    tagline: Tagline
    greeting: Greeting
    alternate_greetings: list[Greeting] = []
    welcome_back: Annotated[list[Greeting], Field(min_length=1)]
    out_of_words: Annotated[str, Field(max_length=300)] = ""
    tags: list[Tag] = []


class Presentation(_Part):
    """Troupe's own extension. `position` in the picker counts from 1; `avatar` is relative to the picker's page.

    `omit_examples`: with its example dialogues the card would be too long for a prompt. `picture_style`: how pictures
    of the character look, in words. `voice`: see `troupe.characters.voices`.
    """

    position: int = 0
    avatar: str = ""
    locales: Mapping[str, Locale] = {}
    omit_examples: bool = False
    picture_style: Annotated[str, Field(max_length=MAX_PICTURE_STYLE)] = ""
    voice: str = ""


class Extensions(_Part):
    troupe: Presentation = Presentation()


class CardData(_Part):
    """Lenient about the types that editors are known to confuse: null, a number for a text, a text for a list."""

    name: CardName
    nickname: Text = ""
    description: Text = ""
    personality: Text = ""
    scenario: Text = ""
    first_mes: Annotated[str, Field(max_length=MAX_CARD_GREETING), BeforeValidator(_text)] = ""
    mes_example: Text = ""
    system_prompt: Text = ""
    post_history_instructions: Text = ""
    alternate_greetings: Annotated[list[CardGreeting], BeforeValidator(_list)] = []
    group_only_greetings: Texts = []
    character_book: Record = {}
    creator: Text = ""
    character_version: Text = ""
    creator_notes: Text = ""
    creator_notes_multilingual: Record = {}
    tags: Texts = []
    assets: Annotated[list[dict[str, Any]], BeforeValidator(_list)] = []
    source: Texts = []
    creation_date: Seconds = 0
    modification_date: Seconds = 0
    extensions: Annotated[Extensions, BeforeValidator(lambda value: {} if value is None else value)] = Extensions()

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
        # Not validated: a brought card may have longer names and greetings than the cast's locales.
        return data.extensions.troupe.locales.get(language) or Locale.model_construct(
            name=data.name,
            tagline=data.name,
            greeting=data.first_mes,
            alternate_greetings=data.alternate_greetings,
            welcome_back=[],
        )

    def char_name(self, language: str) -> str:
        """The name that replaces {{char}} in a conversation in that language."""
        locale = self.data.extensions.troupe.locales.get(language)
        if locale is None:
            return self.data.char_name
        return locale.nickname or self.data.nickname or locale.name

    def data_in(self, language: str) -> CardData:
        """The card's own fields, with examples in that language where it has them."""
        locale = self.data.extensions.troupe.locales.get(language)
        spoken = locale.mes_example if locale else ""
        return self.data.model_copy(update={"mes_example": spoken}) if spoken else self.data

    def to_json(self) -> str:
        return self.model_dump_json(exclude_unset=True)
