"""llama.cpp's own server answers our requests, without the product around them."""

import base64
import io
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from openai import AsyncOpenAI
from PIL import Image

from functions.llm_reply.llm.client import Model
from functions.llm_reply.llm.errors import TOO_LONG, ModelError
from functions.llm_reply.llm.generation import Request
from functions.llm_reply.prompting.attached import with_pictures
from functions.llm_reply.prompting.prompt import ChatMessage, Prompt
from tests.real_model.proxy import Proxy


@pytest_asyncio.fixture
async def model(proxy: Proxy) -> AsyncIterator[Model]:
    async with AsyncOpenAI(api_key="any", base_url=f"{proxy.url}/v1", max_retries=0) as client:
        yield Model(client, "SmolLM2")


def a_picture() -> str:
    saved = io.BytesIO()
    Image.new("RGB", (64, 48), (200, 30, 30)).save(saved, "PNG")
    return f"data:image/png;base64,{base64.b64encode(saved.getvalue()).decode()}"


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


@pytest.mark.parametrize("hidden", ["", "/v1/responses"])
async def test_a_model_without_eyes_is_known_by_the_refusal_and_asked_without_the_picture(
    model: Model, proxy: Proxy, hidden: str
) -> None:
    proxy.hidden.add(hidden)
    seen = ChatMessage("user", "[photo]\nHello.", is_newest=True)
    shown = with_pictures(Prompt("Be short.", (seen,), cache_key="k", person="p"), [a_picture()])

    first = await model.generate(Request(shown, 60))
    asked = len(proxy.asked)
    again = await model.generate(Request(shown, 60))

    assert first.text
    assert (first.unseen, again.unseen) == ("blind", "blind")
    assert len(proxy.asked) == asked + 1
