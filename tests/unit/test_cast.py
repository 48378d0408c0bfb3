"""The cast that ships: cards fit to be loaded, and a portrait of each."""

import json
import re
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from publishing.cast import CARDS, SITE, BuiltInCard, read_cast
from troupe.characters.card import Locale
from troupe.characters.macros import fill

CAST = read_cast()
PEOPLE_FACING = [
    (f"{name}-{tag}", words) for name, card in CAST.items() for tag, words in card.presentation.locales.items()
]
each_card = pytest.mark.parametrize("card", [pytest.param(card, id=name) for name, card in CAST.items()])
each_portrait = pytest.mark.parametrize(
    "portrait", [pytest.param(SITE / f"avatars/{name}.svg", id=name) for name in CAST]
)
each_locale = pytest.mark.parametrize("words", [pytest.param(words, id=name) for name, words in PEOPLE_FACING])

DRAWN_WITH = {"svg", "g", "rect", "circle", "ellipse", "path"}
ACTION = re.compile(r"\*[^*\n]+\*")
CYRILLIC = re.compile("[а-яё]", re.IGNORECASE)


def said(words: Locale) -> list[str]:
    return [words.greeting, *words.alternate_greetings, *words.welcome_back]


def test_the_cast_stands_in_the_picker_one_after_the_other_mario_first() -> None:
    in_order = sorted(CAST, key=lambda name: CAST[name].presentation.position)

    assert in_order[:2] == ["mario", "albert"]
    assert sorted(card.presentation.position for card in CAST.values()) == list(range(1, len(CAST) + 1))


def test_mario_and_albert_greet_as_they_always_have() -> None:
    assert CAST["mario"].data.first_mes == "Hello! It's-a me, Mario! Are you-a ready for an adventure?"
    assert CAST["albert"].data.first_mes.startswith("Hello! It is I, Albert Einstein!")


@pytest.mark.parametrize("name", CAST)
def test_a_card_of_the_cast_goes_out_as_it_came_in(name: str) -> None:
    assert json.loads(CAST[name].to_json()) == json.loads((CARDS / f"{name}.json").read_text())


@each_card
def test_a_card_of_the_cast_follows_the_standard_to_the_letter(card: BuiltInCard) -> None:
    data = card.data
    assert (card.spec, card.spec_version) == ("chara_card_v3", "3.0")
    assert data.description
    assert data.personality
    assert data.scenario
    assert 2 <= data.mes_example.count("<START>") <= 3
    assert ACTION.search(data.mes_example), "the examples show an action"
    assert "{{char}}" in data.post_history_instructions
    assert data.creator_notes_multilingual.keys() == {"en", "ru"}
    assert "group_only_greetings" in data.model_fields_set, "the standard requires it"
    assert data.extensions.troupe.picture_style, "pictures of each look like nobody else's"


@each_card
def test_what_a_card_adds_to_every_prompt_is_bounded(card: BuiltInCard) -> None:
    data = card.data
    prompt = [data.description, data.personality, data.scenario, data.mes_example, data.post_history_instructions]

    # About 350 to 550 tokens of English, at some 4.4 characters each.
    assert 1500 <= sum(map(len, prompt)) <= 2450


@each_card
def test_a_card_of_the_cast_leaves_no_macro_unfilled(card: BuiltInCard) -> None:
    filled = fill(card.to_json().replace("<START>", ""), char="A", user="B")

    assert not re.search(r"\{\{.*?\}\}|<\w+>", filled)


@each_card
def test_the_russian_examples_are_as_many_and_as_long_as_the_english_ones(card: BuiltInCard) -> None:
    english, russian = card.data.mes_example, card.data_in("ru").mes_example

    assert russian.count("<START>") == english.count("<START>")
    assert ACTION.search(russian)
    assert CYRILLIC.search(russian)
    assert len(russian) <= 1.2 * len(english)


@each_locale
def test_a_greeting_shows_how_actions_are_written(words: Locale) -> None:
    assert any(map(ACTION.search, said(words)))


@each_card
def test_no_card_orders_a_question_at_the_end(card: BuiltInCard) -> None:
    lines = [line for line in card.data.mes_example.splitlines() if line.startswith("{{char}}")]

    assert not re.search(
        r"(end|close|finish)\w* (on|with) (a question|a riddle|a clue)",
        card.data.post_history_instructions,
        re.IGNORECASE,
    )
    assert not all(line.endswith("?") for line in lines)


@each_locale
def test_a_character_speaks_each_language_in_full(words: Locale) -> None:
    assert len(words.alternate_greetings) == 2
    assert 2 <= len(words.welcome_back) <= 3
    assert len(words.tags) == 3
    assert len(set(said(words))) == len(said(words))
    assert max(map(len, said(words))) <= 400, "a greeting is read at a glance"
    assert "\n" not in words.tagline


@each_card
def test_the_two_languages_are_not_mixed_up(card: BuiltInCard) -> None:
    english, russian = card.locale("en"), card.locale("ru")

    for text in [russian.name, russian.tagline, *said(russian), *russian.tags]:
        assert CYRILLIC.search(text)
        assert not re.search("[a-z]{3}", text, re.IGNORECASE), "a Latin word in the Russian text"
    assert not CYRILLIC.search(" ".join([english.name, english.tagline, *said(english), *english.tags]))


@each_portrait
def test_a_portrait_is_small_and_nothing_but_a_drawing(portrait: Path) -> None:
    drawing = ET.fromstring(portrait.read_text())  # noqa: S314 - our own file
    names = {element.tag.removeprefix("{http://www.w3.org/2000/svg}") for element in drawing.iter()}
    attributes = {name for element in drawing.iter() for name in element.attrib}

    assert portrait.stat().st_size <= 3000
    assert drawing.get("viewBox") == "0 0 128 128"
    assert names <= DRAWN_WITH
    assert not [name for name in attributes if name.startswith("on") or "href" in name or name == "style"]
    assert "url(" not in portrait.read_text()


def test_every_portrait_belongs_to_a_character() -> None:
    assert {path.stem for path in (SITE / "avatars").iterdir()} == CAST.keys()
