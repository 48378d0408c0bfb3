"""The offline model refuses the requests that OpenAI refuses, so that no invalid request passes unnoticed."""

from typing import Any

import openai as sdk
import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from openai import AsyncOpenAI

from local.llm import OfflineModel

LUNA = {"model": "gpt-6-luna", "input": "Hi"}
CHAT = {"model": "gpt-6-luna", "messages": [{"role": "user", "content": "Hi"}]}
ASSISTANT_INPUT_TEXT = [{"role": "assistant", "content": [{"type": "input_text", "text": "Hi"}]}]


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        (LUNA | {"max_tokens": 100}, "unknown_parameter", "max_tokens"),
        (LUNA | {"reasoning": {"effort": "none", "depth": 1}}, "unknown_parameter", "reasoning.depth"),
        (LUNA | {"temperature": 0.7}, "unsupported_parameter", "temperature"),
        (LUNA | {"temperature": "hot"}, "invalid_type", "temperature"),
        (LUNA | {"store": "no"}, "invalid_type", "store"),
        (LUNA | {"max_output_tokens": 5}, "integer_below_min_value", "max_output_tokens"),
        (LUNA | {"max_output_tokens": True}, "invalid_type", "max_output_tokens"),
        (LUNA | {"prompt_cache_key": "k" * 65}, "string_above_max_length", "prompt_cache_key"),
        (LUNA | {"reasoning": {"effort": "minimal"}}, "unsupported_value", "reasoning.effort"),
        (LUNA | {"reasoning": {"effort": "some"}}, "invalid_value", "reasoning.effort"),
        (LUNA | {"metadata": {"a": 1}}, "invalid_type", "metadata.a"),
        (LUNA | {"input": ASSISTANT_INPUT_TEXT}, "invalid_value", "input[0].content[0].type"),
        (LUNA | {"input": [{"role": "bot", "content": "Hi"}]}, "invalid_value", "input[0].role"),
        (LUNA | {"input": [{"role": "user", "content": "Hi", "name": "A"}]}, "unknown_parameter", "input[0].name"),
        (LUNA | {"input": [{"role": "user"}]}, "missing_required_parameter", "input[0].content"),
        (LUNA | {"input": []}, "missing_required_parameter", "input"),
        (LUNA | {"previous_response_id": "resp_1"}, "previous_response_not_found", "previous_response_id"),
        ({"input": "Hi"}, "missing_required_parameter", "model"),
        ({"model": "gpt-5", "input": "Hi", "reasoning": {"effort": "none"}}, "unsupported_value", "reasoning.effort"),
    ],
)
async def test_a_response_request_is_refused_with_the_parameter_named(
    openai: AsyncOpenAI, body: dict[str, Any], code: str, param: str
) -> None:
    with pytest.raises(sdk.BadRequestError) as refused:
        await openai.post("/responses", body=body, cast_to=object)
    assert (refused.value.code, refused.value.param) == (code, param)


@pytest.mark.parametrize(
    ("body", "code", "param"),
    [
        (CHAT | {"max_tokens": 100}, "unsupported_parameter", "max_tokens"),
        (CHAT | {"instructions": "Be kind"}, "unknown_parameter", "instructions"),
        (CHAT | {"messages": []}, "empty_array", "messages"),
        (CHAT | {"stream_options": {"include_usage": True}}, "invalid_value", "stream_options"),
        (CHAT | {"temperature": 3}, "decimal_above_max_value", "temperature"),
    ],
)
async def test_a_completion_request_is_refused_with_the_parameter_named(
    openai: AsyncOpenAI, body: dict[str, Any], code: str, param: str
) -> None:
    with pytest.raises(sdk.BadRequestError) as refused:
        await openai.post("/chat/completions", body=body, cast_to=object)
    assert (refused.value.code, refused.value.param) == (code, param)


async def test_a_sampling_parameter_passes_where_the_model_takes_it(openai: AsyncOpenAI) -> None:
    response = await openai.responses.create(
        model="gpt-5.6-luna", input="Hi", temperature=0.5, reasoning={"effort": "none"}
    )
    assert response.temperature == 0.5


@pytest.mark.parametrize("name", ["gpt-7-nova", "gpt-3.5-turbo"])
async def test_an_unknown_or_retired_model_is_not_found(openai: AsyncOpenAI, name: str) -> None:
    with pytest.raises(sdk.NotFoundError) as refused:
        await openai.responses.create(model=name, input="Hi")
    assert refused.value.code == "model_not_found"
    with pytest.raises(sdk.NotFoundError):
        await openai.models.retrieve(name)


async def test_a_wrong_key_is_refused_and_never_recorded() -> None:
    model = OfflineModel(pace=0, api_key="sk-right")
    app = web.Application()
    model.add_routes(app)
    async with TestServer(app) as server:
        client = AsyncOpenAI(api_key="sk-wrong", base_url=str(server.make_url("/openai/v1")), max_retries=0)
        with pytest.raises(sdk.AuthenticationError) as refused:
            await client.responses.create(model="gpt-6-luna", input="Hi")
        await client.close()
    assert refused.value.code == "invalid_api_key"
    assert model.calls[0].outcome == "status 401"
    assert "sk-wrong" not in str(model.calls)


async def test_a_prompt_larger_than_the_context_window_is_refused(openai: AsyncOpenAI) -> None:
    with pytest.raises(sdk.BadRequestError) as refused:
        await openai.responses.create(model="gpt-6-luna", input="word " * 900_000)
    assert refused.value.code == "context_length_exceeded"
