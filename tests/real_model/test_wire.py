"""What llama.cpp's own server says to our requests, without the product around them."""

from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from openai import AsyncOpenAI

from functions.llm_reply.llm.client import Model
from functions.llm_reply.llm.errors import TOO_LONG, ModelError
from functions.llm_reply.llm.generation import Request
from functions.llm_reply.prompting.prompt import ChatMessage, Prompt
from tests.real_model.proxy import Proxy


@pytest_asyncio.fixture
async def model(proxy: Proxy) -> AsyncIterator[Model]:
    async with AsyncOpenAI(api_key="any", base_url=f"{proxy.url}/v1", max_retries=0) as client:
        yield Model(client, "SmolLM2")


def prompt(*lines: tuple[str, str]) -> Prompt:
    return Prompt("Be short.", tuple(ChatMessage(*line) for line in lines), cache_key="k", person="p")


@pytest.mark.parametrize("hidden", ["", "/v1/responses"])
async def test_a_full_context_is_known_as_one(model: Model, proxy: Proxy, hidden: str) -> None:
    proxy.hidden.add(hidden)
    with pytest.raises(ModelError) as caught:
        await model.generate(Request(prompt(("user", "hello there " * 3000)), 60))
    assert caught.value.failure == TOO_LONG


@pytest.mark.parametrize("hidden", ["", "/v1/responses"])
async def test_every_kind_of_line_is_taken_and_tokens_are_told(model: Model, proxy: Proxy, hidden: str) -> None:
    proxy.hidden.add(hidden)
    lines = ("developer", "Anna keeps bees."), ("assistant", "Hi!"), ("user", "Hello."), ("developer", "Go on.")
    told: list[str] = []
    answer = await model.generate(Request(prompt(*lines), 60, on_text=told.append))

    assert answer.text
    assert told
    assert int(answer.usage["input"] or 0) > 0
    assert len(proxy.asked) == 1
