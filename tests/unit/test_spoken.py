"""What a model thinks is not what the character says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.llm_reply.llm.reasoning import strip_reasoning


@pytest.mark.parametrize(
    ("output", "said"),
    [
        ("<think>He wants pizza.\n\nOr not.</think>\n\nHello!", "Hello!"),
        ("<thinking>one</thinking>\n<think>two</think>Hello!", "Hello!"),
        ("Well.\n<think>What now?</think>\nHello!", "Well.\nHello!"),
        ("He wants pizza.\n</think>\n\nHello!", "Hello!"),
        ("<think>He wants pizza, and the tokens ran out", ""),
        ("I <think> so, and `</think>` closes it.", "I <think> so, and `</think>` closes it."),
        ("  Hello!\n", "Hello!"),
        ("broken \ud83d here, \ud83d\ude00 whole", "broken \ufffd here, 😀 whole"),
    ],
)
def test_thoughts_and_broken_characters_stay_behind(output: str, said: str) -> None:
    assert strip_reasoning(output) == said


@given(st.lists(st.sampled_from(["<think>", "</think>", "\n", "a", " ", "<b>"])).map("".join))
def test_saying_it_twice_changes_nothing_once_thoughts_are_gone(output: str) -> None:
    said = strip_reasoning(output)
    if "think>" not in said:
        assert strip_reasoning(said) == said
