"""The words of an answer that are said aloud."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.llm_reply.text_to_speech.words import MAX_SPOKEN, words_of


@pytest.mark.parametrize(
    ("answer", "spoken"),
    [
        ("*laughs* Oh, **stop**! *sits down*", "Oh, stop!"),
        ("— Привет! *вздыхает* Как дела?", "Привет! Как дела?"),
        ("Well, *sighs* I don't know.", "Well, I don't know."),
        ("_whispers_ Come closer…", "Come closer…"),
        ("*He opens the door.\nIt creaks.*\nIn here!", "In here!"),
        # Stressed words.
        ("I *never* said that.", "I never said that."),
        ("She said *no*.", "She said no."),
        ("Это *очень* важно", "Это очень важно"),
        ("*smiles* Hello, *dear* friend.", "Hello, dear friend."),
        ("*улыбается* Привет, *милый* друг!", "Привет, милый друг!"),
        ("*Please*, don't. Oh, *please*!", "Please, don't. Oh, please!"),
        ("*Она* это сделала? *Нет!* Я *всё ещё* жду.", "Она это сделала? Нет! Я всё ещё жду."),
        ("I am *so very* tired. «*Нет*», — сказал он.", "I am so very tired. «Нет», — сказал он."),
        # Actions inside a sentence, with what stands around them.
        ("Well, *sighs*, I *looks away* don't know.", "Well, I don't know."),
        ("Ну, *вздыхает* не знаю. Да, *улыбаясь*, да.", "Ну, не знаю. Да, да."),
        ("Ну — *вздыхает* — ладно. (*laughs*) Hi! *smiles*.", "Ну — ладно. Hi!"),
        # Signs without a sound.
        ("Look 😀👩‍🚀 at https://example.org/a?b=c now", "Look at now"),
        ("# A list\n- one\n* two\n---\n> three", "A list\none\ntwo\nthree"),
        ("Run this:\n```py\nprint(1)\n```\nDone.", "Run this:\nDone."),
        ("2*3*4 is snake_case", "2*3*4 is snake_case"),
        ("*smiles*", ""),
        ("…!", ""),
        ("", ""),
    ],
)
def test_an_answer_is_said_without_actions_markup_and_pictograms(answer: str, spoken: str) -> None:
    assert words_of(answer).text == spoken


def test_a_long_answer_is_said_up_to_its_last_whole_sentence() -> None:
    words = words_of("Word by word. " * 200)
    assert len(words.text) <= MAX_SPOKEN
    assert words.text.endswith("word.")
    assert not words.is_whole
    assert words_of("Word by word. " * 20).is_whole


@given(st.text(alphabet="ab *_`~|>#-.!\n😀—", max_size=60))
def test_no_answer_breaks_it_and_nothing_is_said_twice(answer: str) -> None:
    spoken = words_of(answer).text
    assert [*filter(str.isalpha, spoken)] == [*filter(str.isalpha, spoken)][: sum(map(str.isalpha, answer))]
    assert "😀" not in spoken
