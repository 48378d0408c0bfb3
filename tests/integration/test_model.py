"""The model's client against servers that do not understand everything."""

from collections.abc import AsyncIterator

import openai
import pytest
import pytest_asyncio
from aiohttp import web
from aiohttp.test_utils import TestServer
from openai import AsyncOpenAI

from functions.llm_reply.failures import BrokenStreamError
from functions.llm_reply.llm.client import Model
from functions.llm_reply.prompting.prompt import ChatMessage, Prompt
from local.llm import OfflineModel

PROMPT = Prompt("You are Mario.", (ChatMessage("user", "Hello!"),), cache_key="mario", person="somebody")


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
    return (await model.generate(PROMPT, lambda _: None, 10)).text


async def test_a_parameter_that_is_refused_is_left_out_from_then_on(server: OfflineModel, model: Model) -> None:
    server.script(code="unsupported_parameter", param="prompt_cache_key", status=400, times=None)
    server.script(text="Hello yourself!", times=2)

    assert await ask(model) == "Hello yourself!"
    assert await ask(model) == "Hello yourself!"

    sent = ["prompt_cache_key" in call.body for call in server.calls]
    assert sent == [True, False, False]


async def test_a_server_without_the_responses_api_is_asked_by_chat_completions(
    server: OfflineModel, model: Model
) -> None:
    server.script(status=404, code="unknown_url", endpoint="responses", times=None)
    server.script(text="Hello yourself!", endpoint="chat/completions", times=2)

    answer = await model.generate(PROMPT, lambda _: None, 10)
    await ask(model)

    assert answer.text == "Hello yourself!"
    assert answer.usage["output"]
    assert [call.endpoint for call in server.calls] == ["responses", "chat/completions", "chat/completions"]
    assert server.calls[1].body["messages"][0] == {"role": "system", "content": "You are Mario."}


async def test_an_unknown_model_is_no_reason_to_try_another_api(server: OfflineModel, model: Model) -> None:
    server.script(status=404, code="model_not_found", times=None)

    with pytest.raises(openai.NotFoundError):
        await ask(model)
    assert len(server.calls) == 1


@pytest.mark.parametrize("endpoint", ["responses", "chat/completions"])
@pytest.mark.parametrize("fault", ["cut", "malformed"])
async def test_a_stream_that_ends_early_is_no_answer(
    server: OfflineModel, model: Model, endpoint: str, fault: str
) -> None:
    if endpoint == "chat/completions":
        server.script(status=404, code="unknown_url", endpoint="responses", times=None)
    server.script(text="Half of an answer", fault=fault, after=2, endpoint=endpoint)

    with pytest.raises((BrokenStreamError, openai.APIError)):
        await ask(model)


async def test_the_text_is_told_as_it_grows(server: OfflineModel, model: Model) -> None:
    server.script(text="One two three")
    told: list[str] = []

    await model.generate(PROMPT, told.append, 10)

    assert told[-1] == "One two three"
    assert told == sorted(told, key=len)
