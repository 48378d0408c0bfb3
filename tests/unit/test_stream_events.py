"""Any stream of a model's server is read as pieces of an answer, or refused as broken."""

import json
from collections.abc import AsyncGenerator, Callable, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from functions.llm_reply.llm import sse
from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.llm.stream_events import CUT, WHOLE, CompletionsReader, Piece, Reader, ResponsesReader, Usage

leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=9)
anything = st.recursive(leaves, lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=9), inner))
TOKENS = ("input_tokens", "output_tokens", "input_tokens_details", "prompt_tokens", "completion_tokens")
usages = anything | st.fixed_dictionaries({}, optional=dict.fromkeys(TOKENS, anything))
responses = st.fixed_dictionaries(
    {}, optional={"usage": usages, "incomplete_details": anything, "error": anything, "output": anything}
)
types = st.sampled_from(
    ["response.output_text.delta", "response.refusal.delta", "response.output_text.done", "response.completed",
     "response.incomplete", "response.failed", "error", "response.created", "response.something.new"]
)  # fmt: skip
events = st.fixed_dictionaries(
    {},
    optional={"type": types | anything, "delta": anything, "text": anything, "response": responses, "error": anything},
)
deltas = st.fixed_dictionaries({}, optional={"content": anything, "refusal": anything})
choices = st.fixed_dictionaries({}, optional={"delta": anything | deltas, "message": deltas, "finish_reason": anything})
chunks = st.fixed_dictionaries(
    {}, optional={"choices": st.lists(choices | anything, max_size=2), "usage": usages, "error": anything}
)


@pytest.mark.parametrize("reader", [ResponsesReader, CompletionsReader])
@given(st.lists(anything | events | chunks, max_size=4))
def test_anything_is_pieces_or_breaks_the_stream(reader: Callable[[], Reader], told: list[Any]) -> None:
    reading = reader()
    try:
        pieces = [reading.read(event) for event in told]
    except ModelError:
        return
    assert all(isinstance(piece.text, str) and is_counted(piece.usage) for piece in pieces)


def is_counted(usage: Usage | None) -> bool:
    return usage is None or all(isinstance(count, int) for count in usage.values())


async def read(reader: Reader, *bodies: bytes) -> tuple[str, str | None]:
    """The text and how it ends, of a body that arrives in these chunks."""

    async def arriving() -> AsyncGenerator[bytes]:
        for body in bodies:
            yield body

    pieces = [reader.read(event) async for event in sse.events(arriving())]
    return "".join(piece.text for piece in pieces), next((piece.end for piece in pieces if piece.end), None)


def chunk(content: Any = None, finish: Any = None, **more: Any) -> str:
    delta = {} if content is None else {"content": content}
    return sse_line({"choices": [{"index": 0, "delta": delta, "finish_reason": finish}], **more})


def sse_line(event: Any) -> str:

    return f"data: {json.dumps(event)}\n\n"


HELLO, FRIEND, STOP, DONE = chunk("Hello "), chunk("friend!"), chunk(finish="stop"), "data: [DONE]\n\n"
SAID = ("Hello friend!", WHOLE)


@pytest.mark.parametrize(
    "body",
    [
        HELLO + FRIEND + STOP + DONE,
        "retry: 3000\n\n" + HELLO + FRIEND + STOP + DONE,
        ": keep-alive\n\nid: 7\n\nevent: ping\n\ndata:\n\n" + HELLO + "id: 8\n\n" + FRIEND + STOP + DONE,
        HELLO + FRIEND + DONE,
        HELLO + FRIEND + STOP,
        HELLO + chunk("friend!", "stop"),
        (HELLO + FRIEND + STOP + DONE).replace("\n", "\r\n"),
        (HELLO + FRIEND + STOP + DONE).replace("\n\n", "\n"),
        (HELLO + FRIEND + STOP + DONE).replace("data: ", "data:"),
        chunk("Hello ", "") + chunk("friend!", "") + chunk("", "") + STOP,
        chunk([{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}])
        + chunk([{"type": "text", "text": "Hello friend!"}], "stop"),
        chunk("Hello friend!", "eos_token"),
        chunk("Hello friend!", "STOP"),
        '{"choices": [{"message": {"content": "Hello friend!"}, "finish_reason": "stop"}]}',
        '{\n "choices": [\n{"message": {"content": "Hello friend!"}}]}',
    ],
)
async def test_a_whole_answer_of_a_compatible_server_is_never_thrown_away(body: str) -> None:
    assert await read(CompletionsReader(), body.encode()) == SAID
    assert await read(CompletionsReader(), *(bytes([byte]) for byte in body.encode())) == SAID


@pytest.mark.parametrize(
    "reason", ["error", "insufficient_system_resource", "network_error", "abort", "cancelled", "something_new"]
)
async def test_an_end_that_is_no_good_one_breaks_the_answer(reason: str) -> None:
    with pytest.raises(ModelError) as caught:
        await read(CompletionsReader(), (HELLO + chunk("", reason) + DONE).encode())
    assert (caught.value.failure.name, caught.value.failure.retry) == ("model_connection", True)


@pytest.mark.parametrize("reason", ["content_filter", "SAFETY", "sensitive", "PROHIBITED_CONTENT"])
async def test_an_answer_that_a_filter_stopped_is_refused(reason: str) -> None:
    with pytest.raises(ModelError) as caught:
        await read(CompletionsReader(), (HELLO + chunk("", reason)).encode())
    assert caught.value.failure.name == "model_refused"


@pytest.mark.parametrize("body", [HELLO + chunk("half", ""), HELLO, chunk("Hello ", "null"), "", "<html>Hi</html>"])
async def test_a_stream_without_an_end_has_none(body: str) -> None:
    assert (await read(CompletionsReader(), body.encode()))[1] is None


@pytest.mark.parametrize("reason", ["length", "max_tokens", "MAX_TOKENS"])
async def test_an_answer_that_ran_out_of_tokens_is_known_as_cut(reason: str) -> None:
    assert await read(CompletionsReader(), (HELLO + chunk("", reason)).encode()) == ("Hello ", CUT)


async def test_bytes_that_are_no_text_are_replaced() -> None:
    body = (chunk("caf~ ") + STOP).encode().replace(b"~", b"\xe9")
    assert await read(CompletionsReader(), body) == ("caf\ufffd ", WHOLE)


@pytest.mark.parametrize("body", [b'data: {"choices": [{"del\n\n', b"{ no json", b"data: {}\n\n" * 900_000])
async def test_a_stream_without_json_or_without_an_end_is_broken(body: bytes) -> None:
    with pytest.raises(ModelError):
        await read(CompletionsReader(), body)


def event(kind: str, **more: Any) -> str:
    return f"event: {kind}\n" + sse_line({"type": kind, **more})


def delta(text: str, output_index: int = 0) -> str:
    return event("response.output_text.delta", delta=text, output_index=output_index, content_index=0)


def message(text: str) -> dict[str, Any]:
    return {"type": "message", "content": [{"type": "output_text", "text": text}]}


PART_DONE = event("response.output_text.done", text="Hello friend!", output_index=0, content_index=0)
COMPLETED = event("response.completed", response={"status": "completed", "output": [message("Hello friend!")]})


@pytest.mark.parametrize(
    "body",
    [
        delta("Hello ") + delta("friend!") + COMPLETED,
        PART_DONE + COMPLETED,
        delta("Hello friend!") + PART_DONE + COMPLETED,
        COMPLETED,
        delta("Hello friend!") + DONE,
        "event: response.output_text.delta\n" + sse_line({"delta": "Hello friend!"}) + COMPLETED,
        json.dumps({"object": "response", "output": [{"type": "reasoning"}, message("Hello friend!")]}),
    ],
)  # fmt: skip
async def test_a_whole_response_is_never_thrown_away(body: str) -> None:
    assert await read(ResponsesReader(), body.encode()) == SAID


async def test_parts_of_a_response_stand_apart() -> None:
    body = delta("Hmm, a visitor.") + delta("Hello ", 1) + delta("friend!", 1) + COMPLETED
    assert await read(ResponsesReader(), body.encode()) == ("Hmm, a visitor.\n\nHello friend!", WHOLE)


@pytest.mark.parametrize(
    ("code", "failure"),
    [
        ("context_length_exceeded", "model_context"),
        ("insufficient_quota", "model_quota"),
        ("rate_limit_exceeded", "model_rate_limit"),
        ("content_filter", "model_refused"),
        ("server_error", "model_server"),
    ],
)
async def test_a_code_in_a_stream_means_what_it_means_over_http(code: str, failure: str) -> None:
    error = {"code": code, "message": "no"}
    streams: Sequence[tuple[Reader, str]] = [
        (ResponsesReader(), event("response.failed", response={"status": "failed", "error": error})),
        (ResponsesReader(), event("error", **error)),
        (ResponsesReader(), event("error", error=error)),
        (CompletionsReader(), sse_line({"error": error})),
        (CompletionsReader(), HELLO + "event: error\n" + sse_line({"error": error})),
    ]
    for reader, body in streams:
        with pytest.raises(ModelError) as caught:
            await read(reader, body.encode())
        assert caught.value.failure.name == failure


def test_tokens_are_counted_from_either_kind_of_stream() -> None:
    usage: Usage = {"input": 9, "cached": 4, "written": 2, "output": 3}
    details = {"cached_tokens": 4, "cache_write_tokens": 2}
    of = {"usage": {"input_tokens": 9, "input_tokens_details": details, "output_tokens": 3}}
    assert ResponsesReader().read({"type": "response.completed", "response": of}) == Piece("", WHOLE, usage)
    last = {"choices": [], "usage": {"prompt_tokens": 9, "prompt_tokens_details": details, "completion_tokens": 3}}
    assert CompletionsReader().read(last) == Piece(usage=usage)


@pytest.mark.parametrize(
    "details", [None, {}, [], {"other": 5}, {"cached_tokens": None}, {"cached_tokens": None, "cache_write_tokens": 0}]
)
def test_tokens_are_counted_though_the_cache_says_nothing(details: Any) -> None:
    last = {"choices": [], "usage": {"prompt_tokens": 9, "prompt_tokens_details": details, "completion_tokens": 3}}
    assert CompletionsReader().read(last).usage == {"input": 9, "cached": 0, "written": 0, "output": 3}


@pytest.mark.parametrize("usage", [None, {}, {"input_tokens": "9", "output_tokens": None}, 5])
def test_an_answer_counts_though_its_tokens_are_not_told(usage: Any) -> None:
    assert ResponsesReader().read({"type": "response.completed", "response": {"usage": usage}}) == Piece(end=WHOLE)


def test_a_response_that_a_filter_stopped_is_refused() -> None:
    stopped = {"type": "response.incomplete", "response": {"incomplete_details": {"reason": "content_filter"}}}
    with pytest.raises(ModelError) as caught:
        ResponsesReader().read(stopped)
    assert caught.value.failure.name == "model_refused"


def test_a_refusal_is_told_from_an_answer() -> None:
    assert ResponsesReader().read({"type": "response.refusal.delta", "delta": "No."}).is_refusal
    assert CompletionsReader().read({"choices": [{"delta": {"refusal": "No."}}]}).is_refusal
    assert not CompletionsReader().read({"choices": [{"delta": {"content": "Yes."}}]}).is_refusal
