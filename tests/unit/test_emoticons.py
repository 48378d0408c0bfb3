"""Faces that people and models draw with Markdown's signs come through whole, and take no markup around them along."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.llm_reply.formatting.markup import formatted

FACES = [
    ">_>", "<_<", ">_<", "*_*", "^_^", "-_-", "._.", ";_;", "@_@", "=_=", "~_~", "T_T", "o_O", "*-*", "*.*",
    "(*_*)", "(>_<)", "(T_T)", "(*^_^*)", "(*^o^*)", "(~_~)", "(._.)", "(*≧ω≦*)", "(*´▽´*)", "(_ _)", "(*_ _)",
    r"\(^o^)/", r"\(*_*)/", r"\(>_<)/", r"\^_^/", r"\o/", r"¯\_(ツ)_/¯", "d(^_^)b", "ヽ(*⌒▽⌒*)ﾉ",
]  # fmt: skip
faces = st.sampled_from(FACES)
words = st.sampled_from(["wow", "Привет!", "well,", "2*3", "fine"])


@pytest.mark.parametrize("face", FACES)
def test_a_face_keeps_every_stroke(face: str) -> None:
    for text in (f"Look {face}", f"{face} wow {face}", f"{face} {face}", f"well {face}, he said"):
        assert formatted(text) == (text, [])


@given(st.lists(st.one_of(faces, words), min_size=1, max_size=8))
def test_faces_among_words_are_no_markup(said: list[str]) -> None:
    text = f"So: {' '.join(said)}"
    assert formatted(text) == (text, [])


MARKED = st.sampled_from(["*bows*", "**loud**", "_soft_", "~~no~~", "||secret||"])


@given(st.lists(st.tuples(faces, MARKED), min_size=1))
def test_markup_between_faces_is_still_markup(said: list[tuple[str, str]]) -> None:
    text, spans = formatted("So: " + " ".join(f"{face} {marked}" for face, marked in said))
    assert text == "So: " + " ".join(f"{face} {marked.strip('*_~|')}" for face, marked in said)
    assert len(spans) == len(said)
