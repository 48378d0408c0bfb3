"""The model's client against servers that do not understand everything, each over a real socket."""

import json
from collections.abc import AsyncIterator, Sequence
from typing import Any

import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from openai import AsyncOpenAI

from functions.llm_reply.llm.client import Model
from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.llm.generation import Generated, Request
from functions.llm_reply.llm.server import RETRIED_AFTER_S
from functions.llm_reply.prompting.prompt import ChatMessage, Prompt, Speakers
from local.llm import OfflineModel

LINES = (
    ChatMessage("developer", "Anna keeps bees."),
    ChatMessage("assistant", "It's-a me!"),
    ChatMessage("user", "Hi."),
    ChatMessage("user", "Are you there?"),
    ChatMessage("developer", "It rains in Italy."),
    ChatMessage("user", "Hello! <note>"),
    ChatMessage("developer", "Stay in Italy."),
)
PROMPT = Prompt("You are Mario.", LINES, cache_key="mario", person="somebody", speakers=Speakers("Mario", "Anna"))
COMPLETIONS, RESPONSES = "chat/completions", "responses"
SAID = "Hello yourself!"


@pytest.fixture
def server() -> OfflineModel:
    return OfflineModel(pace=0)


@pytest_asyncio.fixture
async def model(server: OfflineModel) -> AsyncIterator[Model]:
    app = web.Application()
    server.add_routes(app)
    async with TestServer(app) as running:
        url = str(running.make_url("/openai/v1"))
        async with AsyncOpenAI(api_key="any", base_url=url, max_retries=0) as client:
            yield Model(client, "gpt-6-luna")


async def ask(model: Model) -> str:
    return (await model.generate(Request(PROMPT, 10))).text


async def fails(model: Model) -> str:
    with pytest.raises(ModelError) as caught:
        await ask(model)
    return caught.value.failure.name


def asked(server: OfflineModel) -> list[str]:
    return [call.endpoint for call in server.calls]


def answers_with(server: OfflineModel, body: Any, status: int = 200, **when: Any) -> None:
    """A JSON body as it stands, in the name of any other server."""
    text = body if isinstance(body, str) else json.dumps(body)
    server.script(raw=text, raw_type="application/json", status=status, **when)


def has_no_responses(server: OfflineModel) -> None:
    answers_with(server, "404 page not found", 404, endpoint=RESPONSES, times=None)


async def test_a_parameter_that_is_refused_is_left_out_from_then_on(server: OfflineModel, model: Model) -> None:
    server.script(code="unsupported_parameter", param="prompt_cache_key", status=400, times=None)
    server.script(text=SAID, times=2)

    assert await ask(model) == SAID
    assert await ask(model) == SAID

    sent = ["prompt_cache_key" in call.body for call in server.calls]
    assert sent == [True, False, False]


def forbidden(*names: str) -> list[dict[str, Any]]:
    return [
        {"type": "extra_forbidden", "loc": ["body", name], "msg": "Extra inputs are not permitted"} for name in names
    ]


MISTRAL = {"object": "error", "message": {"detail": forbidden("max_completion_tokens")}, "param": None, "code": None}
REFUSALS: list[tuple[str, int, Any]] = [
    ("reasoning_effort", 400, {"error": {"message": "Unrecognized request argument supplied: reasoning_effort",
                                         "type": "invalid_request_error", "param": None, "code": None}}),
    ("reasoning_effort", 400, {"error": {"message": "`reasoning_effort` is not supported with this model"}}),
    ("reasoning_effort", 400, {"error": {"message": "bad value", "param": "reasoning_effort", "code": "x"}}),
    ("max_completion_tokens", 422, MISTRAL),
    ("max_completion_tokens", 422, {"detail": forbidden("max_completion_tokens")}),
    ("stream_options", 422, {"detail": forbidden("stream_options")}),
    ("stream_options", 400, [{"error": {"code": 400, "message": 'Invalid JSON: Unknown name "stream_options"'}}]),
]  # fmt: skip


@pytest.mark.parametrize(("name", "status", "body"), REFUSALS)
async def test_a_refused_parameter_is_found_wherever_the_refusal_names_it(
    server: OfflineModel, model: Model, name: str, status: int, body: Any
) -> None:
    has_no_responses(server)
    answers_with(server, body, status, endpoint=COMPLETIONS, param=name, times=None)
    server.script(text=SAID, endpoint=COMPLETIONS, times=2)

    assert await ask(model) == SAID
    assert await ask(model) == SAID
    first, *later = [name in call.body for call in server.calls if call.endpoint == COMPLETIONS]
    assert first
    assert not any(later)


KNOWN_TO_MISTRAL = {"model", "messages", "stream", "max_tokens", "temperature"}


async def as_mistral(request: web.Request) -> web.Response:
    """Takes no parameter that it does not know, and no roles but one system message and then both in turn."""
    body = await request.json()
    if unknown := body.keys() - KNOWN_TO_MISTRAL:
        return web.json_response({"object": "error", "message": {"detail": forbidden(*unknown)}}, status=422)
    roles = [line["role"] for line in body["messages"]]
    if roles != ["system", *(("user", "assistant")[place % 2] for place in range(len(roles) - 1))]:
        message = "Conversation roles must alternate user/assistant/user/assistant/..."
        return web.json_response({"object": "error", "message": message}, status=400)
    return web.Response(text=chunks(f"At most {body['max_tokens']} tokens."), content_type="text/event-stream")


async def test_a_server_that_forbids_unknown_parameters_answers() -> None:
    app = web.Application()
    app.router.add_post("/v1/chat/completions", as_mistral)
    async with (
        TestServer(app) as running,
        AsyncOpenAI(api_key="any", base_url=str(running.make_url("/v1")), max_retries=0) as client,
    ):
        assert await ask(Model(client, "mistral-small")) == "At most 2000 tokens."


UNKNOWN_ENDPOINT: list[tuple[int, Any]] = [
    (404, "404 page not found"),
    (404, {"detail": "Not Found"}),
    (405, {"detail": "Method Not Allowed"}),
    (501, "Not Implemented"),
    (400, {"error": {"message": "Bad request"}}),
    (400, {"error": {"code": 400, "message": "Cannot determine type of 'item'", "type": "invalid_request_error"}}),
    (200, {"error": "Unexpected endpoint or method. (POST /v1/responses)"}),
    (200, {"error": "something else"}),
    (500, {"error": {"message": "Conversation roles must alternate user/assistant/user/assistant/..."}}),
]


@pytest.mark.parametrize(("status", "body"), UNKNOWN_ENDPOINT)
async def test_a_server_without_the_responses_api_is_asked_by_chat_completions(
    server: OfflineModel, model: Model, status: int, body: Any
) -> None:
    answers_with(server, body, status, endpoint=RESPONSES, times=None)
    server.script(text=SAID, endpoint=COMPLETIONS, times=2)

    answer = await model.generate(Request(PROMPT, 10))
    await ask(model)

    assert answer.text == SAID
    assert answer.usage["output"]
    assert asked(server) == [RESPONSES, COMPLETIONS, COMPLETIONS]


async def test_the_responses_api_is_tried_again_after_a_while(
    server: OfflineModel, model: Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    answers_with(server, "404 page not found", 404, endpoint=RESPONSES)
    await ask(model)
    monkeypatch.setattr("functions.llm_reply.llm.server.time.monotonic", lambda: 10**9 + RETRIED_AFTER_S)
    await ask(model)

    assert asked(server) == [RESPONSES, COMPLETIONS, RESPONSES]


async def test_one_stray_404_of_a_server_that_has_nothing_else_passes(server: OfflineModel, model: Model) -> None:
    server.script(text=SAID, endpoint=RESPONSES)
    answers_with(server, "404 page not found", 404, endpoint=RESPONSES)
    answers_with(server, "404 page not found", 404, endpoint=COMPLETIONS, times=None)
    server.script(text=SAID, endpoint=RESPONSES)

    assert await ask(model) == SAID
    assert await fails(model) == "model_server"
    assert await ask(model) == SAID


async def test_an_address_at_which_there_is_neither_api_is_the_operators_to_mend(
    server: OfflineModel, model: Model
) -> None:
    answers_with(server, "404 page not found", 404, times=None)
    assert await fails(model) == "model_unknown"
    assert asked(server) == [RESPONSES, COMPLETIONS]


async def test_an_unknown_model_is_no_reason_to_try_another_api(server: OfflineModel, model: Model) -> None:
    server.script(status=404, code="model_not_found", times=None)

    assert await fails(model) == "model_unknown"
    assert len(server.calls) == 1


async def test_a_strict_server_gets_one_system_message_and_then_both_in_turn(
    server: OfflineModel, model: Model
) -> None:
    has_no_responses(server)
    await ask(model)

    sent = server.calls[-1].body["messages"]
    assert [line["role"] for line in sent] == ["system", "user", "assistant", "user"]
    assert sent[0]["content"] == "You are Mario.\n\nAnna keeps bees."
    assert sent[1]["content"] == "<note>\nThe person has opened the chat. Greet them.\n</note>"
    assert sent[3]["content"] == (
        "Hi.\n\nAre you there?\n\n"
        "<note>\nIt rains in Italy.\n</note>\n\n<note>\nStay in Italy.\n</note>\n\nHello! (note>"
    )


async def test_openai_gets_the_conversation_as_it_is(server: OfflineModel, model: Model) -> None:
    await ask(model)
    sent = server.calls[-1].body
    assert sent["instructions"] == "You are Mario."
    assert [(item["role"], item["content"]) for item in sent["input"]] == [(line.role, line.text) for line in LINES]


@pytest.mark.parametrize("endpoint", [RESPONSES, COMPLETIONS])
@pytest.mark.parametrize("fault", ["cut", "malformed", "disconnect"])
async def test_a_stream_that_ends_early_is_no_answer(
    server: OfflineModel, model: Model, endpoint: str, fault: str
) -> None:
    if endpoint == COMPLETIONS:
        has_no_responses(server)
    server.script(text="Half of an answer", fault=fault, after=2, endpoint=endpoint)

    assert await fails(model) == "model_connection"


def chunks(*contents: Any, finish: str | None = "stop") -> str:
    events: list[Any] = [
        {"choices": [{"index": 0, "delta": {"content": content}, "finish_reason": None}]} for content in contents
    ]
    events += [{"choices": [{"index": 0, "delta": {}, "finish_reason": finish}]}] if finish else []
    return "".join(f"data: {json.dumps(event)}\n\n" for event in events) + "data: [DONE]\n\n"


THOUGHT = [{"type": "thinking", "thinking": [{"type": "text", "text": "hm"}]}]
STREAMS: Sequence[tuple[str, str]] = [
    ("a record that has only the time of a new attempt", "retry: 3000\n\n" + chunks("Hello ", "yourself!")),
    ("[DONE] alone", chunks("Hello ", "yourself!", finish=None)),
    ("lists as content, with thoughts", chunks(THOUGHT, [{"type": "text", "text": SAID}])),
    ("thoughts in the text", chunks("<think>hm", "</thi", "nk>\n\nHello ", "yourself!")),
    ("tokens of a template", chunks("<|im_start|>assistant\n", "Hello yourself!", "<|im_end|>")),
    ("the character's name before it", chunks("Mario", ": Hello ", "yourself!")),
    ("a line of the person's behind it", chunks("Hello yourself!\n", "Anna", ": And you?\nMario: Fine.")),
    ("no stream at all", json.dumps({"choices": [{"message": {"content": SAID}, "finish_reason": "stop"}]})),
]


@pytest.mark.parametrize("stream", [stream for _, stream in STREAMS], ids=[name for name, _ in STREAMS])
async def test_an_answer_is_read_out_of_any_wrapping(server: OfflineModel, model: Model, stream: str) -> None:
    has_no_responses(server)
    server.script(raw=stream, endpoint=COMPLETIONS)
    assert await ask(model) == SAID


async def test_bytes_that_are_no_text_cost_a_character_and_no_more(server: OfflineModel, model: Model) -> None:
    has_no_responses(server)
    server.script(raw=chunks("caf~!").encode().replace(b"~", b"\xe9"), endpoint=COMPLETIONS)
    assert await ask(model) == "caf\ufffd!"


async def test_an_answer_that_ran_out_of_tokens_ends_with_its_last_sentence(server: OfflineModel, model: Model) -> None:
    has_no_responses(server)
    server.script(raw=chunks("It rained all day. And then the", finish="length"), endpoint=COMPLETIONS)
    assert await ask(model) == "It rained all day."


async def test_an_answer_without_end_is_read_no_further_than_it_is_shown(server: OfflineModel, model: Model) -> None:
    server.script(text="And then it rained. " * 22_500)
    answer = await model.generate(Request(PROMPT, 10))
    assert len(answer.text) <= 16_000
    assert answer.text.endswith("rained.")


async def test_a_refusal_says_that_it_is_one(server: OfflineModel, model: Model) -> None:
    server.script(refusal="Mamma mia, not that!")
    answer: Generated = await model.generate(Request(PROMPT, 10))
    assert (answer.text, answer.is_refusal) == ("Mamma mia, not that!", True)


async def test_the_text_is_told_as_it_grows_and_thoughts_are_not(server: OfflineModel, model: Model) -> None:
    server.script(text="<think>one two</think> One two three")
    told: list[str] = []

    await model.generate(Request(PROMPT, 10, on_text=told.append))

    assert told == ["One", "One two", "One two three"]


async def test_an_unknown_error_is_logged_without_the_persons_words(
    server: OfflineModel, model: Model, caplog: pytest.LogCaptureFixture
) -> None:
    body = {"error": {"message": "Frobnication of 'Are you there?' failed", "code": "frob"}}
    answers_with(server, body, 400, times=None)

    assert await fails(model) == "model_request"
    logged = vars(caplog.records[-1])
    assert (logged["status"], logged["code"], logged["said"]) == (400, "frob", "Frobnication of '…' failed")
