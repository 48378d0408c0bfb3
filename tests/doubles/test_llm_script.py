"""Scripted faults, seen through OpenAI's own SDK, and the record of calls."""

import asyncio
import json
import time

import aiohttp
import openai as sdk
import pytest
from aiohttp.test_utils import TestServer
from openai import AsyncOpenAI
from openai.types.responses import Response, ResponseStreamEvent

from local.llm import OfflineModel

MODEL = "gpt-6-luna"


async def ask(openai: AsyncOpenAI, said: str = "Hi") -> Response:
    return await openai.responses.create(model=MODEL, input=said, reasoning={"effort": "none"}, store=False)


async def stream(openai: AsyncOpenAI, events: list[ResponseStreamEvent]) -> None:
    """Collects events into the list, so that a test can check those before a fault."""
    async for event in await openai.responses.create(model=MODEL, input="Hi", store=False, stream=True):
        events.append(event)  # noqa: PERF401 - the events before the fault must stay


def deltas(events: list[ResponseStreamEvent]) -> list[str]:
    return [event.delta for event in events if event.type == "response.output_text.delta"]


async def final(openai: AsyncOpenAI) -> Response:
    events: list[ResponseStreamEvent] = []
    await stream(openai, events)
    last = events[-1]
    assert last.type in {"response.completed", "response.incomplete", "response.failed"}
    return last.response


async def test_a_rate_limit_carries_its_retry_after_and_the_sdk_waits_for_it(
    model: OfflineModel, openai: AsyncOpenAI
) -> None:
    model.script(status=429, retry_after=0.3)
    with pytest.raises(sdk.RateLimitError) as refused:
        await ask(openai)
    assert refused.value.code == "rate_limit_exceeded"
    assert refused.value.response.headers["retry-after"] == "0.3"

    model.script(status=429, retry_after=0.3)
    started = time.monotonic()
    await ask(openai.with_options(max_retries=1))
    assert time.monotonic() - started > 0.25
    assert [call.outcome for call in model.calls] == ["status 429", "status 429", "answered"]


@pytest.mark.parametrize(
    ("behaviour", "error", "code"),
    [
        ({"status": 500}, sdk.InternalServerError, "server_error"),
        ({"status": 503}, sdk.InternalServerError, "server_overloaded"),
        ({"status": 401}, sdk.AuthenticationError, "invalid_api_key"),
        ({"code": "insufficient_quota"}, sdk.RateLimitError, "insufficient_quota"),
        ({"code": "context_length_exceeded"}, sdk.BadRequestError, "context_length_exceeded"),
    ],
)
async def test_a_scripted_status_becomes_the_sdks_exception(
    model: OfflineModel, openai: AsyncOpenAI, behaviour: dict[str, object], error: type[sdk.APIStatusError], code: str
) -> None:
    model.script(**behaviour)
    with pytest.raises(error) as refused:
        await ask(openai)
    assert refused.value.code == code
    assert (await ask(openai)).status == "completed"


async def test_an_unsupported_parameter_is_refused_only_where_it_is_sent(
    model: OfflineModel, openai: AsyncOpenAI
) -> None:
    model.script(code="unsupported_parameter", param="reasoning.effort", times=None)
    for _ in range(2):
        with pytest.raises(sdk.BadRequestError) as refused:
            await ask(openai)
        assert refused.value.param == "reasoning.effort"
    assert (await openai.responses.create(model=MODEL, input="Hi", store=False)).status == "completed"


async def test_a_connection_dropped_before_the_headers_is_a_connection_error(
    model: OfflineModel, openai: AsyncOpenAI
) -> None:
    model.script(fault="disconnect", times=2)
    with pytest.raises(sdk.APIConnectionError):
        await ask(openai)
    with pytest.raises(sdk.APIConnectionError):
        await stream(openai, [])
    assert [call.outcome for call in model.calls] == ["disconnect", "disconnect"]


async def test_a_connection_dropped_after_two_words_leaves_two_words(model: OfflineModel, openai: AsyncOpenAI) -> None:
    model.script(text="One two three", fault="disconnect", after=2)
    events: list[ResponseStreamEvent] = []
    with pytest.raises(sdk.APIConnectionError):
        await stream(openai, events)
    assert deltas(events) == ["One", " two"]


async def test_malformed_json_is_no_answer_streamed_or_whole(model: OfflineModel, openai: AsyncOpenAI) -> None:
    model.script(text="One two three", fault="malformed", after=1, times=2)
    events: list[ResponseStreamEvent] = []
    with pytest.raises(json.JSONDecodeError):
        await stream(openai, events)
    assert deltas(events) == ["One"]
    with pytest.raises(json.JSONDecodeError):
        await ask(openai)


async def test_a_cut_stream_ends_without_an_error(model: OfflineModel, openai: AsyncOpenAI) -> None:
    model.script(text="One two three", fault="cut", after=1)
    events: list[ResponseStreamEvent] = []
    await stream(openai, events)
    assert events[-1].type == "response.output_text.delta"


async def test_a_flat_error_event_is_an_event_and_a_nested_one_an_exception(
    model: OfflineModel, openai: AsyncOpenAI
) -> None:
    model.script(text="One two", fault="error_event", code="rate_limit_exceeded", after=1)
    events: list[ResponseStreamEvent] = []
    await stream(openai, events)
    last = events[-1]
    assert last.type == "error"
    assert last.code == "rate_limit_exceeded"

    model.script(text="One two", fault="nested_error_event", after=1)
    with pytest.raises(sdk.APIError) as failed:
        await stream(openai, [])
    assert failed.value.code == "server_error"


async def test_a_failed_response_says_why(model: OfflineModel, openai: AsyncOpenAI) -> None:
    model.script(fault="failed", after=1, times=2)
    for response in (await final(openai), await ask(openai)):
        assert response.status == "failed"
        assert response.error is not None
        assert response.error.code == "server_error"


@pytest.mark.parametrize("reason", ["max_output_tokens", "content_filter"])
async def test_an_incomplete_response_says_why(model: OfflineModel, openai: AsyncOpenAI, reason: str) -> None:
    model.script(text="As far as I", finish=reason, times=2)
    for response in (await final(openai), await ask(openai)):
        assert response.status == "incomplete"
        assert response.incomplete_details is not None
        assert response.incomplete_details.reason == reason
        assert response.output_text == "As far as I"


async def test_a_completion_tells_by_its_finish_reason_how_it_ended(model: OfflineModel, openai: AsyncOpenAI) -> None:
    model.script(text="As far as I", finish="max_output_tokens")
    model.script(text="As far as I", finish="content_filter")
    model.script(refusal="I can't help with that.")
    completions = [
        await openai.chat.completions.create(model=MODEL, messages=[{"role": "user", "content": "Hi"}])
        for _ in range(3)
    ]
    choices = [completion.choices[0] for completion in completions]
    assert [choice.finish_reason for choice in choices] == ["length", "content_filter", "stop"]
    assert (choices[2].message.content, choices[2].message.refusal) == (None, "I can't help with that.")


async def test_an_answer_longer_than_the_limit_is_cut_at_it(model: OfflineModel, openai: AsyncOpenAI) -> None:
    model.script(text="word " * 100)
    response = await openai.responses.create(model=MODEL, input="Hi", max_output_tokens=16)
    assert response.status == "incomplete"
    assert response.usage is not None
    assert response.usage.output_tokens <= 16


async def test_a_refusal_and_an_empty_output_are_completed_without_text(
    model: OfflineModel, openai: AsyncOpenAI
) -> None:
    model.script(refusal="I can't help with that.")
    refused = await final(openai)
    assert (refused.status, refused.output_text) == ("completed", "")
    message = refused.output[0]
    assert message.type == "message"
    assert message.content[0].type == "refusal"
    assert message.content[0].refusal == "I can't help with that."

    model.script(text="")
    empty = await final(openai)
    assert (empty.status, empty.output_text, empty.output) == ("completed", "", [])


async def test_a_silent_server_times_out_before_and_during_the_stream(model: OfflineModel, openai: AsyncOpenAI) -> None:
    hasty = openai.with_options(timeout=1.5)
    model.script(hang=30)
    with pytest.raises(sdk.APITimeoutError):
        await stream(hasty, [])
    model.script(text="One two", hang=30, after=1)
    events: list[ResponseStreamEvent] = []
    with pytest.raises(sdk.APITimeoutError):
        await stream(hasty, events)
    assert deltas(events) == ["One"]


async def test_delays_hold_back_the_first_word_and_the_ones_after(model: OfflineModel, openai: AsyncOpenAI) -> None:
    model.script(text="One two three", first_delay=0.2, delta_delay=0.1)
    started = time.monotonic()
    await stream(openai, [])
    assert time.monotonic() - started >= 0.45


async def test_a_behaviour_waits_for_its_matching_message(model: OfflineModel, openai: AsyncOpenAI) -> None:
    model.script(text="About cats", matching="cat")
    model.script(text="Long", matching=lambda call: len(call.said) > 20, times=None)
    assert (await ask(openai, "a dog, a big and friendly dog")).output_text == "Long"
    assert (await ask(openai, "a cat")).output_text == "About cats"
    assert "a cat" in (await ask(openai, "a cat")).output_text


async def test_the_first_call_that_fits_can_be_waited_for(model: OfflineModel, openai: AsyncOpenAI) -> None:
    model.script(text="Slow", matching="second", hang=30)
    await ask(openai, "first")
    asking = asyncio.create_task(ask(openai, "second"))
    call = await asyncio.wait_for(model.wait_for_call(lambda call: call.said == "second"), 60)
    assert call.outcome == "in progress"
    assert call.body["reasoning"] == {"effort": "none"}
    assert "sk-test" not in str(call.headers)
    asking.cancel()


async def test_another_process_scripts_and_reads_calls_over_http(server: TestServer, openai: AsyncOpenAI) -> None:
    async with aiohttp.ClientSession(server.make_url("/")) as session:
        await session.post("/openai/script", json=[{"status": 500}, {"text": "From afar", "matching": "Hi"}])
        with pytest.raises(sdk.InternalServerError):
            await ask(openai)
        assert (await ask(openai)).output_text == "From afar"
        calls = (await (await session.get("/openai/calls")).json())["calls"]
        assert [(call["outcome"], call["said"]) for call in calls] == [("status 500", "Hi"), ("answered", "Hi")]
        await session.delete("/openai/calls")
        assert (await (await session.get("/openai/calls")).json()) == {"calls": []}
        await session.post("/openai/script", json={"status": 500, "times": None})
        await session.delete("/openai/script")
    assert (await ask(openai)).status == "completed"


@pytest.mark.parametrize(
    ("behaviour", "complaint"),
    [
        ({"txt": "Hi"}, "txt"),
        ({"after": "3"}, "after"),
        ({"fault": "explode"}, "fault"),
        ({"flagged": "violence"}, "flagged"),
        (7, "object"),
    ],
)
async def test_a_wrong_script_is_refused_with_its_fault_named(
    server: TestServer, behaviour: object, complaint: str
) -> None:
    async with aiohttp.ClientSession(server.make_url("/")) as session:
        response = await session.post("/openai/script", json=behaviour)
        assert response.status == 400
        assert complaint in (await response.json())["error"]


async def test_a_moderation_request_leaves_behaviours_for_answers_alone(
    model: OfflineModel, openai: AsyncOpenAI
) -> None:
    model.script(status=500)
    model.script(status=429, endpoint="moderations")
    with pytest.raises(sdk.RateLimitError):
        await openai.moderations.create(input="Hi")
    assert not (await openai.moderations.create(input="Hi")).results[0].flagged
    with pytest.raises(sdk.InternalServerError):
        await ask(openai)


async def test_the_server_stops_at_once_though_an_answer_hangs(
    model: OfflineModel, server: TestServer, openai: AsyncOpenAI
) -> None:
    model.script(text="Too late", hang=60)
    asking = asyncio.create_task(ask(openai))
    await model.wait_for_call(lambda call: call.said == "Hi")
    await asyncio.wait_for(server.close(), 60)
    assert (await asking).output_text == "Too late"
