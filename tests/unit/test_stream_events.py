"""What a model's server streams: whatever that is, it is read as pieces of an answer or as a stream that is broken."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.llm_reply.failures import BrokenStreamError, RefusedAnswerError
from functions.llm_reply.llm.stream_events import Piece, Usage, of_completions, of_responses

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9)
anything = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner))
TOKENS = ("input_tokens", "output_tokens", "input_tokens_details", "prompt_tokens", "completion_tokens")
usages = anything | st.fixed_dictionaries({}, optional=dict.fromkeys(TOKENS, anything))
responses = st.fixed_dictionaries({}, optional={"usage": usages, "incomplete_details": anything, "error": anything})
types = st.sampled_from(
    ["response.output_text.delta", "response.refusal.delta", "response.completed", "response.incomplete",
     "response.failed", "error", "response.created", "response.something.new"]
)  # fmt: skip
events = st.fixed_dictionaries({}, optional={"type": types | anything, "delta": anything, "response": responses})
choices = st.fixed_dictionaries({}, optional={"delta": anything | responses, "finish_reason": anything})
chunks = st.fixed_dictionaries({}, optional={"choices": st.lists(choices | anything, max_size=2), "usage": usages})


@given(anything | events)
def test_any_event_is_a_piece_or_breaks_the_stream(event: Any) -> None:
    try:
        piece = of_responses(event)
    except (BrokenStreamError, RefusedAnswerError):
        return
    assert is_sound(piece)


@given(anything | chunks)
def test_any_chunk_is_a_piece_or_breaks_the_stream(chunk: Any) -> None:
    try:
        piece = of_completions(chunk)
    except (BrokenStreamError, RefusedAnswerError):
        return
    assert is_sound(piece)


def is_sound(piece: Piece) -> bool:
    counted = piece.usage is None or all(isinstance(count, int) for count in piece.usage.values())
    return isinstance(piece.text, str) and counted


def test_tokens_are_counted_from_either_kind_of_stream() -> None:
    usage: Usage = {"input": 9, "cached": 4, "written": 2, "output": 3}
    details = {"cached_tokens": 4, "cache_write_tokens": 2}
    of = {"usage": {"input_tokens": 9, "input_tokens_details": details, "output_tokens": 3}}
    assert of_responses({"type": "response.completed", "response": of}) == Piece(finished=True, usage=usage)
    last = {"choices": [], "usage": {"prompt_tokens": 9, "prompt_tokens_details": details, "completion_tokens": 3}}
    assert of_completions(last) == Piece(usage=usage)


@pytest.mark.parametrize("details", [{}, None, [], {"other": 5}])
def test_a_server_that_does_not_count_cached_tokens_has_none(details: Any) -> None:
    usage: Usage = {"input": 9, "cached": 0, "written": 0, "output": 3}
    of = {"usage": {"input_tokens": 9, "input_tokens_details": details, "output_tokens": 3}}
    assert of_responses({"type": "response.completed", "response": of}) == Piece(finished=True, usage=usage)
    chunk = {"usage": {"prompt_tokens": 9, "prompt_tokens_details": details, "completion_tokens": 3}}
    assert of_completions(chunk) == Piece(usage=usage)


@pytest.mark.parametrize("usage", [None, {}, {"input_tokens": 9}, {"input_tokens": "9", "output_tokens": 3}, 5])
def test_an_answer_counts_though_its_tokens_are_not_told(usage: Any) -> None:
    assert of_responses({"type": "response.completed", "response": {"usage": usage}}) == Piece(finished=True)


def test_an_answer_that_the_filter_stopped_is_none() -> None:
    stopped = {"type": "response.incomplete", "response": {"incomplete_details": {"reason": "content_filter"}}}
    with pytest.raises(RefusedAnswerError):
        of_responses(stopped)
    with pytest.raises(RefusedAnswerError):
        of_completions({"choices": [{"finish_reason": "content_filter", "delta": {"content": "Well"}}]})
