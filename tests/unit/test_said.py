"""The model's text of a message: other people's words never stand in it as the person's own."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.llm_reply.prompting.said import LABELS, words_of
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import CONTINUE, DRAWING

authors = st.sampled_from(sorted(LABELS))


def turn(text: str, *, kind: str = "text", quote: dict[str, object] | None = None) -> Turn:
    return Turn(1, 2, person_id=1, update_id=3, kind=kind, text=text, quote=quote, sent_s=4, received_at=5)


@given(st.text())
def test_plain_words_are_read_as_they_are(text: str) -> None:
    assert words_of(turn(text)) == text


@given(authors, st.text(min_size=1), st.text())
def test_every_line_of_a_quote_is_marked_with_any_line_break(author: tuple[str, bool], quoted: str, own: str) -> None:
    by, is_forward = author
    read = words_of(turn(own, quote={"by": by, "text": quoted, "is_forward": is_forward}))

    label, *rest = read.removesuffix(own).splitlines()
    assert label == f"[{LABELS[author]}:]"
    assert all(line.startswith(">") for line in rest)
    assert read.endswith(own)


@pytest.mark.parametrize(
    ("kind", "text", "read"),
    [
        ("photo", "My house", "[photo]\nMy house"),
        ("video_note", "", "[video note]"),
        ("live_photo", "Bees", "[live photo]\nBees"),
        (CONTINUE, "", ""),
    ],
)
def test_the_model_is_told_what_it_can_not_see(kind: str, text: str, read: str) -> None:
    assert words_of(turn(text, kind=kind)) == read


@given(st.text(min_size=1))
def test_a_picture_is_a_note_and_the_wish_for_it_is_quoted(wish: str) -> None:
    asked = turn(wish, kind=DRAWING)
    asked.drawing = {"of": "words", "by": "command"}
    read = words_of(asked)

    label, *rest = read.splitlines()
    assert label == "[the character sent the person a picture: what the person asked for:]"
    assert all(line.startswith(">") for line in rest)
