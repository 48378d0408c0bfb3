"""Signs of self-harm in a person's own words, found by a list alone."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.llm_reply.safety.phrases import shows_signs

SIGNS = (
    "I want to die", "i wanna die.", "I'm going to kill myself tonight", "I don\u2019t want to live anymore",
    "I do not want to be alive", "No reason to live", "I feel so suicidal", "Thinking of ending it all",
    "better off dead", "I keep cutting myself", "I just want to... die", "I want to die from this pain",
    "I can't go on like this",
    "I don't want to live in this world", "I can't do this. I want to kill myself",
    "I hate you, I'm going to end my life",
    "Хочу умереть", "Не хочу жить", "я больше не хочу жить", "Жить не хочу", "Я покончу с собой", "Лучше бы я умерла",
    "Думаю о самоубийстве", "убью себя", "нет смысла жить", "не могу больше жить", "мне хочется просто умереть",
    "Я хочу сдохнуть, правда", "не хочу жить с этой болью", "не хочу жить без неё", "свести счёты с жизнью",
)  # fmt: skip
NONE = (
    "I'm dying of laughter", "I want to die of laughter", "This is to die for", "I don't want to die",
    "I do not want to kill myself", "I would never kill myself", "He wants to kill himself", "kill the dragon",
    "I cut myself a slice of cake", "I cut myself shaving", "I don't want to live in London",
    "I can't live without you",
    "my phone died", "I am dead tired", "I'd die for you", "I killed it at the exam", "take my life into my own hands",
    "",
    "Не хочу умереть", "Я не хочу умирать", "не собираюсь убивать себя", "никогда не покончу с собой",
    "хочу умереть от смеха", "сдохнуть можно от скуки", "не хочу жить в Москве", "Не хочу жить с родителями",
    "не могу жить без тебя", "убей его", "хочу умереть за родину", "не хочу умереть здесь, спаси меня",
)  # fmt: skip


@pytest.mark.parametrize("text", SIGNS)
def test_a_person_who_speaks_of_harming_themselves_shows_signs(text: str) -> None:
    assert shows_signs(text)


@pytest.mark.parametrize("text", NONE)
def test_laughter_negations_others_and_everyday_accidents_are_no_signs(text: str) -> None:
    assert not shows_signs(text)


@given(
    st.sampled_from(SIGNS),
    st.sampled_from([str.upper, str.title, str.lower]),
    st.sampled_from(["", "!!!", " :(", "\n\nBye.", "…"]),
    st.sampled_from(["", "ok. ", "Well...\n", "*sighs* "]),
)
def test_case_punctuation_and_surrounding_words_change_nothing(
    text: str, spelled: Callable[[str], str], after: str, before: str
) -> None:
    assert shows_signs(before + spelled(text) + after)


@given(st.text(max_size=500))
def test_any_text_can_be_read(text: str) -> None:
    shows_signs(text)
