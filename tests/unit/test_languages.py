"""Which of our two languages a tag from Telegram means."""

import pytest

from troupe.telegram.texts import ENGLISH, RUSSIAN, Texts, interface_language


@pytest.mark.parametrize("tag", ["ru", "RU", "ru-RU", "ru_RU", "ru-Cyrl-RU", " ru "])
def test_any_spelling_of_russian_is_russian(tag: str) -> None:
    assert interface_language(tag) == "ru"


@pytest.mark.parametrize("tag", [None, "", "en", "en_GB", "uk", "run", "rue-RU", "pt-br", "_ru"])
def test_everything_else_is_english(tag: str | None) -> None:
    assert interface_language(tag) == "en"


@pytest.mark.parametrize(("said", "ai"), [(ENGLISH, "AI"), (RUSSIAN, "ИИ")])
def test_profile_welcome_notice_and_reminder_say_that_it_is_an_ai(said: Texts, ai: str) -> None:
    for text in (said.description, said.short_description, said.welcome, said.ai_notice, said.ai_reminder):
        assert ai in text
