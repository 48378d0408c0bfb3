"""The offline model's answers, read by OpenAI's own SDK."""

import json
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from openai import AsyncOpenAI, BadRequestError
from openai.types.responses import ResponseCompletedEvent, ResponseStreamEvent
from pydantic import TypeAdapter

from local.llm import OfflineModel

MODEL = "gpt-6-luna"


async def test_a_streamed_response_brings_the_events_in_openais_order(model: OfflineModel, openai: AsyncOpenAI) -> None:
    model.script(text="It's a me, Mario!")
    stream = await openai.responses.create(model=MODEL, input="Who are you?", store=False, stream=True)
    events = [event async for event in stream]
    assert [event.type for event in events] == [
        "response.created",
        "response.in_progress",
        "response.output_item.added",
        "response.content_part.added",
        *["response.output_text.delta"] * 4,
        "response.output_text.done",
        "response.content_part.done",
        "response.output_item.done",
        "response.completed",
    ]
    assert "".join(event.delta for event in events if event.type == "response.output_text.delta") == "It's a me, Mario!"
    assert [event.sequence_number for event in events] == list(range(len(events)))
    final = events[-1]
    assert isinstance(final, ResponseCompletedEvent)
    assert final.response.status == "completed"
    assert final.response.output_text == "It's a me, Mario!"
    assert final.response.usage is not None
    assert final.response.usage.input_tokens == 5
    assert final.response.usage.output_tokens == 5
    assert final.response.usage.input_tokens_details.cached_tokens == 0


async def test_every_streamed_event_is_valid_by_the_sdks_own_models(model: OfflineModel, server: TestServer) -> None:
    """The SDK parses leniently. Strict validation finds a missing field or a wrong type."""
    strict: TypeAdapter[ResponseStreamEvent] = TypeAdapter(ResponseStreamEvent)
    for behaviour in (
        {"text": "Two words"},
        {"refusal": "I can't."},
        {"finish": "content_filter"},
        {"fault": "failed"},
    ):
        model.script(**behaviour)
        for event in await streamed(server, {"model": MODEL, "input": "Hi", "stream": True}):
            strict.validate_python(event)


async def streamed(server: TestServer, body: dict[str, Any]) -> list[Any]:
    async with aiohttp.ClientSession(headers={"Authorization": "Bearer sk-test"}) as session:
        response = await session.post(server.make_url("/openai/v1/responses"), json=body)
        text = await response.text()
    return [json.loads(line.removeprefix("data: ")) for line in text.splitlines() if line.startswith("data: ")]


async def test_the_sdks_stream_helper_collects_the_final_response(model: OfflineModel, openai: AsyncOpenAI) -> None:
    model.script(text="One two three.")
    async with openai.responses.stream(model=MODEL, input="Count", store=False) as stream:
        final = await stream.get_final_response()
    assert final.output_text == "One two three."


async def test_an_unstreamed_response_echoes_the_request(model: OfflineModel, openai: AsyncOpenAI) -> None:
    model.script(text="Well said.")
    response = await openai.responses.create(
        model=MODEL,
        instructions="You are Ada.",
        input=[{"role": "user", "content": "Hello"}],
        reasoning={"effort": "none"},
        safety_identifier="abc",
        prompt_cache_key="ada",
        store=False,
    )
    assert response.output_text == "Well said."
    assert (response.status, response.model) == ("completed", MODEL)
    assert response.instructions == "You are Ada."
    assert (response.safety_identifier, response.prompt_cache_key) == ("abc", "ada")
    assert response.reasoning is not None
    assert response.reasoning.effort == "none"


async def test_a_chat_completion_comes_whole_and_in_chunks(model: OfflineModel, openai: AsyncOpenAI) -> None:
    model.script(text="Elementary, my friend.", times=2)
    whole = await openai.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "How?"}])
    assert whole.choices[0].message.content == "Elementary, my friend."
    assert whole.choices[0].finish_reason == "stop"

    stream = await openai.chat.completions.create(
        model=MODEL,
        messages=[{"role": "user", "content": "How?"}],
        stream=True,
        stream_options={"include_usage": True},
    )
    chunks = [chunk async for chunk in stream]
    assert (
        "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices) == "Elementary, my friend."
    )
    assert chunks[-2].choices[0].finish_reason == "stop"
    assert chunks[-1].usage == whole.usage


async def test_a_prompt_that_starts_like_the_last_one_of_its_key_is_counted_as_cached(openai: AsyncOpenAI) -> None:
    card = "You are Mario. " + "Jump! " * 1000

    async def cached(question: str, key: str) -> tuple[int, int]:
        response = await openai.responses.create(
            model=MODEL, instructions=card, input=question, prompt_cache_key=key, store=False
        )
        assert response.usage is not None
        return response.usage.input_tokens_details.cached_tokens, response.usage.input_tokens_details.cache_write_tokens

    assert (await cached("One?", "mario"))[0] == 0
    tokens, written = await cached("Two?", "mario")
    assert tokens == 1408
    assert 0 < written < 128
    assert (await cached("Two?", "luigi"))[0] == 0


async def test_a_short_prompt_is_never_cached(openai: AsyncOpenAI) -> None:
    for _ in range(2):
        response = await openai.responses.create(model=MODEL, input="Hello", store=False)
        assert response.usage is not None
        assert response.usage.input_tokens_details.cached_tokens == 0


async def test_models_are_listed_with_their_shutdown_dates(openai: AsyncOpenAI) -> None:
    names = [model.id async for model in openai.models.list()]
    assert MODEL in names
    assert "gpt-3.5-turbo" not in names
    assert (await openai.models.retrieve(MODEL)).shutdown_date is None


async def test_moderation_flags_talk_of_self_harm_and_scripted_categories(
    model: OfflineModel, openai: AsyncOpenAI
) -> None:
    calm = await openai.moderations.create(model="omni-moderation-latest", input="Nice weather")
    assert not calm.results[0].flagged
    grave = await openai.moderations.create(input="Я не хочу жить")
    assert grave.results[0].flagged
    assert grave.results[0].categories.self_harm_intent
    model.script(flagged=("violence",))
    scripted = await openai.moderations.create(input=["Nice weather", "Nice day"])
    assert [result.categories.violence for result in scripted.results] == [True, True]


async def test_a_text_can_name_the_categories_it_is_to_be_flagged_with(openai: AsyncOpenAI) -> None:
    named = await openai.moderations.create(input="A story [flag sexual/minors] and [flag nonsense]")
    assert named.results[0].categories.sexual_minors
    assert not named.results[0].categories.sexual


async def test_decisions_are_probabilities_of_the_questions_that_were_asked(
    model: OfflineModel, openai: AsyncOpenAI
) -> None:
    questions: list[Any] = [
        {"type": "predicate", "name": name, "instructions": "Is it?"} for name in ("violence", "self-harm/intent")
    ]
    grave = await openai.decisions.create(model=MODEL, input="Я не хочу жить", questions=questions)
    assert [answer.name for answer in grave.answers if answer.type == "predicate" and answer.probability > 0.5] == [
        "self-harm/intent"
    ]
    assert grave.usage.input_tokens > 0
    model.script(flagged=("violence",))
    scripted = await openai.decisions.create(model=MODEL, input="Nice weather", questions=questions)
    assert [answer.type == "predicate" and answer.probability > 0.5 for answer in scripted.answers] == [True, False]
    with pytest.raises(BadRequestError):
        await openai.decisions.create(model=MODEL, input="Nice weather", questions=[])
