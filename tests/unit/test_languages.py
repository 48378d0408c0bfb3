"""Which of our two languages a tag from Telegram means."""

import pytest

from troupe.telegram.texts import interface_language


@pytest.mark.parametrize("tag", ["ru", "RU", "ru-RU", "ru_RU", "ru-Cyrl-RU", " ru "])
def test_any_spelling_of_russian_is_russian(tag: str) -> None:
    assert interface_language(tag) == "ru"


@pytest.mark.parametrize("tag", [None, "", "en", "en_GB", "uk", "run", "rue-RU", "pt-br", "_ru"])
def test_everything_else_is_english(tag: str | None) -> None:
    assert interface_language(tag) == "en"
