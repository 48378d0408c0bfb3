"""The message with help lines, for the country that a person's Telegram lets us know."""

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any

from troupe.telegram.texts import interface_language, texts

FILE = Path(__file__).with_name("help_lines.toml")
REGION_LETTERS = 2


@dataclass(frozen=True)
class HelpLine:
    name: str
    # A telephone number.
    reach: str
    hours: str
    source: str
    # When the number was last found to agree with what others have published. None: never.
    compared: date | None = None


@dataclass(frozen=True)
class Country:
    code: str
    # Its name by our languages.
    names: dict[str, str]
    emergency: str
    lines: tuple[HelpLine, ...]


def countries_of(tag: str | None) -> list[Country]:
    """The countries that a tag of Telegram's (ru, pt-br, zh-hans) may stand for, the likeliest first.

    Telegram names no country. A region in the tag is one; most languages are spoken in several.
    """
    known, by_language = _data()
    language, *rest = (tag or "").strip().lower().replace("_", "-").split("-")
    region = next((part.upper() for part in rest if len(part) == REGION_LETTERS), None)
    codes = [region] if region in known else by_language.get(language, [])
    return [known[code] for code in codes]


def help_message(tag: str | None, language: str | None) -> str:
    """:param tag: of the person's Telegram
    :param language: the one that the bot speaks to them
    """
    said, code = texts(language), interface_language(language)
    found = countries_of(tag)
    lines = [_line(country, line, code, said.crisis_line) for country in found for line in country.lines]
    parts = [said.crisis, "\n".join([*lines, said.crisis_anywhere if lines else said.crisis_directory])]
    number = found[0].emergency if len(found) == 1 else said.emergency_number
    return "\n\n".join([*parts, f"{said.crisis_emergency.format(number=number)} {said.crisis_go_on}"])


def _line(country: Country, line: HelpLine, language: str, form: str) -> str:
    hours = f" ({line.hours})" if line.hours else ""
    return form.format(where=country.names[language], name=line.name, reach=f"{line.reach}{hours}")


@cache
def _data() -> tuple[dict[str, Country], dict[str, list[str]]]:
    read: dict[str, Any] = tomllib.loads(FILE.read_text(encoding="utf-8"))
    countries = {
        code: Country(
            code,
            {language: given[language] for language in ("en", "ru")},
            given["emergency"],
            tuple(HelpLine(**line) for line in given["lines"]),
        )
        for code, given in read["countries"].items()
    }
    return countries, read["languages"]
