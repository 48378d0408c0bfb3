"""The texts about brought characters: each reason and note has one, in every language, with the same places to fill."""

import re
from dataclasses import fields
from pathlib import Path

import pytest

from artefacts.package import ROOT
from troupe.telegram.card_texts import CARD_LANGUAGES, ENGLISH_CARDS, CardTexts
from troupe.telegram.texts import LANGUAGES

PLACES = re.compile(r"\{(\w+)\}")
SOURCES = [*(ROOT / "functions" / "card_files").rglob("*.py"), *(ROOT / "troupe" / "characters").glob("*.py")]


def texts_of(said: CardTexts) -> dict[str, str]:
    flat: dict[str, str] = {}
    for field in fields(said):
        value = getattr(said, field.name)
        named = value if isinstance(value, dict) else {"": value}
        flat |= {f"{field.name}.{key}": text for key, text in named.items()}
    return flat


def raised_in(path: Path) -> list[str]:
    return re.findall(r'CardRefusedError\("(\w+)"', path.read_text(encoding="utf-8"))


def test_every_language_has_them() -> None:
    assert CARD_LANGUAGES.keys() == LANGUAGES.keys()


@pytest.mark.parametrize("said", CARD_LANGUAGES.values())
def test_each_text_names_the_same_limits_and_names(said: CardTexts) -> None:
    english, other = texts_of(ENGLISH_CARDS), texts_of(said)
    assert other.keys() == english.keys()
    assert {key: set(PLACES.findall(text)) for key, text in other.items()} == {
        key: set(PLACES.findall(text)) for key, text in english.items()
    }


def test_every_reason_for_a_refusal_has_a_text() -> None:
    raised = {reason for path in SOURCES for reason in raised_in(path)}
    assert len(raised) > 20
    assert raised <= ENGLISH_CARDS.refusals.keys()
