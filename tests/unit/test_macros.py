"""Macros in a card's text, and the values that replace them."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from troupe.characters.macros import Macros, fill, hidden_keys


def macros(dice: int = 1, conversation: str = "1") -> Macros:
    return Macros("Mario", "Ann", Random(dice), conversation)  # noqa: S311 - variety, not secrecy


MACROS = macros()


def test_macros_of_the_field_stand_for_the_names_in_any_case() -> None:
    text = "{{char}} {{CHAR}} <BOT> <bot> <Char> | {{user}} {{User}} <USER> <user>"

    assert fill(text, char="Mario", user="Ann") == "Mario Mario Mario Mario Mario | Ann Ann Ann Ann"


@pytest.mark.parametrize(
    "name", ["{{char}}", "{{user}}", "<USER>", r"\1", r"\g<0>", "{{original}}", "{{random:a,b}}", "{}", "%s"]
)
def test_a_name_that_looks_like_a_macro_stays_as_it_is(name: str) -> None:
    named = Macros("Mario", name)

    assert named.fill("{{user}} meets {{char}}") == f"{name} meets Mario"
    assert named.fill("{{random:{{user}}}}") == name
    assert named.fill("{{original}} {{user}}", original="Be kind, {{user}}.") == f"Be kind, {name}. {name}"


@given(st.text(), st.text(), st.text())
def test_nothing_but_the_names_is_ever_put_into_a_text_without_other_macros(text: str, char: str, user: str) -> None:
    pieces = re.split(r"(?ai)\{\{|<bot>|<char>|<user>", text)

    if len(pieces) == 1:
        assert fill(text, char=char, user=user) == text
    assert fill("".join(f"{piece}{{{{user}}}}" for piece in pieces), char=char, user=user) == "".join(
        f"{piece}{user}" for piece in pieces
    )


@pytest.mark.parametrize(
    "text",
    [
        *("{{ 7 * 7 }}", "{% for a in b %}", "${user}", "{user}", "{{unknown:a,b}}", "{{char", "{{random:a,b"),
        *("<u\u017fer>", "<original>", "{{original}}", "{{random}}"),
        *("{{roll:0}}", "{{roll:x}}", "{{roll:-1}}", "{{roll:9999999999}}"),
    ],
)
def test_other_template_languages_and_unknown_macros_are_text(text: str) -> None:
    assert fill(text, char="Mario", user="Ann") == text


@pytest.mark.parametrize(
    ("text", "options"),
    [
        ("{{random:red,green}}", {"red", "green"}),
        ("{{RANDOM:one,two\\,three}}", {"one", "two,three"}),
        ("{{random:{{user}},nobody}}", {"Ann", "nobody"}),
        ("{{random::a,1::b}}", {"a,1", "b"}),
        ("{{random:}}", {""}),
        ("{{roll:3}}", {"1", "2", "3"}),
        ("{{roll:d2}}", {"1", "2"}),
        ("{{Roll:2D2}}", {"2", "3", "4"}),
    ],
)
def test_dice_leave_each_of_their_values_and_no_other(text: str, options: set[str]) -> None:
    assert {macros(dice=seed).fill(text) for seed in range(60)} == options


def test_a_pick_stays_the_same_in_a_conversation_and_differs_between_conversations_and_places() -> None:
    text = "{{pick:" + ",".join(map(str, range(100))) + "}}"

    assert {macros(dice=seed).fill(text) for seed in range(9)} == {MACROS.fill(text)}
    assert len({macros(conversation=str(number)).fill(text) for number in range(9)}) > 1
    assert len(set(MACROS.fill(" ".join([text] * 9)).split())) > 1


@pytest.mark.parametrize(
    ("text", "read", "shown"),
    [
        ("a{{// secret {{user}} }}b", "ab", "ab"),
        ("a{{hidden_key:reef}}b", "ab", "ab"),
        ("a{{comment: by {{user}} }}b", "ab", "aby Annb"),
        ("{{reverse:olleH}}", "Hello", "Hello"),
    ],
)
def test_comments_are_not_read_and_only_those_that_say_so_are_shown(text: str, read: str, shown: str) -> None:
    assert MACROS.fill(text) == read
    assert MACROS.shown(text) == shown


def test_hidden_keys_are_found_in_any_case() -> None:
    assert hidden_keys("{{hidden_key:reef}} and {{HIDDEN_KEY:the bell}}, {{hidden_key:") == ["reef", "the bell"]


def test_the_original_is_put_in_wherever_it_is_asked_for_and_not_read_again() -> None:
    assert MACROS.fill("Mine. {{Original}}", original="House of {{char}}.") == "Mine. House of Mario."
    assert MACROS.fill("{{original}}!", original=r"a {{original}} \1") == r"a {{original}} \1!"


@pytest.mark.parametrize("piece", ["{{random:", "{{//", "{{reverse:{{user}}", "{{char}}", "<user>", "{{", "}}"])
def test_a_text_of_nothing_but_macros_takes_time_in_proportion_to_its_length(piece: str) -> None:
    """200,000 pieces: were the time quadratic, this test would not end."""
    assert MACROS.fill(piece * 200_000) is not None
