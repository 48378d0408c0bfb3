"""The help lines that a person's Telegram language leads to."""

import tomllib
from datetime import date
from typing import Any
from urllib.parse import urlsplit

import pytest

from functions.llm_reply.safety.help_lines import FILE, countries_of, help_message

# Telegram's limit for one message.
MAX_MESSAGE = 4096


@pytest.fixture(scope="module")
def data() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text(encoding="utf-8"))


@pytest.mark.parametrize(
    ("tag", "codes"),
    [("ru", ["RU"]), ("pt-br", ["BR"]), ("pt_PT", ["PT"]), ("en-GB", ["GB"]), ("RU-kz", ["KZ"]), ("zh-hans-tw", ["TW"]),
     ("de", ["DE", "AT", "CH"]), ("tr", []), ("", []), (None, []), ("x", []), ("en-zz", None)],
)  # fmt: skip
def test_a_region_is_a_country_and_a_language_the_countries_that_speak_it(tag: str, codes: list[str] | None) -> None:
    found = [country.code for country in countries_of(tag)]
    assert found == (codes if codes is not None else [country.code for country in countries_of("en")])


def test_every_number_has_its_source_and_every_language_leads_to_countries_of_the_file(data: dict[str, Any]) -> None:
    assert len(data["countries"]) >= 25
    for country in data["countries"].values():
        assert country["en"]
        assert country["ru"]
        assert country["emergency"].isdecimal()
        for line in country["lines"]:
            assert urlsplit(line["source"]).scheme == "https"
            assert any(character.isdecimal() for character in line["reach"])
            assert isinstance(line.get("compared", date.min), date)
    named = {code for codes in data["languages"].values() for code in codes}
    assert named <= data["countries"].keys()


def test_the_message_names_the_lines_of_each_country_and_the_directory_and_fits(data: dict[str, Any]) -> None:
    for tag in [*data["languages"], "tr"]:
        for language in ("en", "ru"):
            said = help_message(tag, language)
            assert len(said) < MAX_MESSAGE
            assert "https://findahelpline.com" in said
            for country in countries_of(tag):
                assert all(f"{country.names[language]}: {line.name}" in said for line in country.lines)


def test_one_country_gets_its_own_emergency_number() -> None:
    assert "call 999" in help_message("en-GB", "en")
    assert "call 911" not in help_message("en", "en")
