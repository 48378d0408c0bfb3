"""The Amplitude double, called by Amplitude's own SDK and by plain HTTP."""

import asyncio
import json
from collections.abc import AsyncIterator, Sequence
from io import BytesIO
from typing import Any

import aiohttp
import pytest
from aiohttp.test_utils import TestServer
from amplitude import Amplitude as AmplitudeSdk
from amplitude import BaseEvent, Config
from amplitude.constants import EventLogLevel

from local.amplitude import Amplitude

HTTP_V2 = "/amplitude/2/httpapi"
Outcomes = dict[str, tuple[int, str | None]]


@pytest.fixture
async def http(server: TestServer) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(server.make_url("/")) as session:
        yield session


def event(insert_id: str, **fields: Any) -> dict[str, Any]:
    return {"event_type": "message_sent", "user_id": "user-0001", "insert_id": insert_id, **fields}


def body(*events: object, **fields: Any) -> dict[str, Any]:
    return {"api_key": "key", "events": list(events), **fields}


async def sent_by_sdk(server: TestServer, events: Sequence[BaseEvent], path: str = HTTP_V2) -> Outcomes:
    """The SDK's callback results for each event, after one attempt."""
    outcomes: Outcomes = {}

    def told(event: BaseEvent, code: int, message: str | None) -> None:
        outcomes[str(event.insert_id)] = (code, message)

    def send() -> None:
        config = Config(
            server_url=str(server.make_url(path)),
            flush_max_retries=1,  # the number of attempts: with 0 events are dropped unsent
            flush_interval_millis=500,
            callback=told,
            event_log_level=EventLogLevel.NONE,
        )
        client = AmplitudeSdk("key", config)
        for each in events:
            client.track(each)
        client.shutdown()

    await asyncio.to_thread(send)
    return outcomes


@pytest.mark.parametrize("path", [HTTP_V2, "/amplitude/batch"])
async def test_the_sdk_is_told_that_its_events_arrived(server: TestServer, amplitude: Amplitude, path: str) -> None:
    events = [
        BaseEvent("registered", user_id="user-0001", insert_id="a", time=1_700_000_000_000),
        BaseEvent("message_sent", user_id="user-0001", insert_id="b", event_properties={"character": "mario"}),
    ]
    outcomes = await sent_by_sdk(server, events, path)
    assert outcomes == {"a": (200, "Event sent successfully."), "b": (200, "Event sent successfully.")}
    assert [kept["event_type"] for kept in amplitude.events] == ["registered", "message_sent"]
    assert amplitude.events[0]["time"] == 1_700_000_000_000
    assert amplitude.events[1]["event_properties"] == {"character": "mario"}


@pytest.mark.parametrize("status", [429, 500, 503])
async def test_the_sdk_is_told_of_a_temporary_fault(server: TestServer, amplitude: Amplitude, status: int) -> None:
    amplitude.script(status=status)
    events = [BaseEvent("registered", user_id="user-0001", insert_id="a")]
    assert (await sent_by_sdk(server, events))["a"][0] == status
    assert (await sent_by_sdk(server, events))["a"][0] == 200
    assert len(amplitude.requests) == 2


async def test_the_sdk_is_told_which_event_is_wrong(server: TestServer, amplitude: Amplitude) -> None:
    events = [
        BaseEvent("registered", user_id="abc", insert_id="short"),
        BaseEvent("registered", user_id="user-0001", insert_id="good"),
    ]
    outcomes = await sent_by_sdk(server, events)
    assert outcomes["short"] == (400, "Invalid id length for user_id or device_id")
    assert outcomes["good"] == (400, "Event reached max retry times 1.")
    assert amplitude.events == []


async def test_a_repeated_insert_id_is_kept_once_for_each_person(
    http: aiohttp.ClientSession, amplitude: Amplitude
) -> None:
    first = body(event("a"), event("b"), event("a", user_id="user-0002"))
    for upload in (first, body(event("a"), event("c"))):
        response = await http.post(HTTP_V2, json=upload)
        assert (await response.json())["events_ingested"] == len(upload["events"])
    kept = [(each["user_id"], each["insert_id"]) for each in amplitude.events]
    assert kept == [("user-0001", "a"), ("user-0001", "b"), ("user-0002", "a"), ("user-0001", "c")]
    assert len(amplitude.requests) == 2


async def test_an_answer_lost_after_acceptance_does_not_double_the_event(
    http: aiohttp.ClientSession, amplitude: Amplitude
) -> None:
    amplitude.script(disconnect=True)
    amplitude.script(disconnect=True, accepted=True)
    for kept in (0, 1):
        with pytest.raises(aiohttp.ClientConnectionError):
            await http.post(HTTP_V2, json=body(event("a")))
        assert len(amplitude.events) == kept
    assert (await http.post(HTTP_V2, json=body(event("a")))).status == 200
    assert len(amplitude.events) == 1


@pytest.mark.parametrize(
    ("upload", "details"),
    [
        ({"events": [event("a")]}, {"missing_field": "api_key"}),
        ({"api_key": "key"}, {"missing_field": "events"}),
        (body(event("a", event_type=None)), {"events_with_missing_fields": {"event_type": [0]}}),
        (body(event("a"), event("b", user_id=None)), {"events_with_missing_fields": {"user_id": [1]}}),
        (body(event("a", time="now")), {"events_with_invalid_fields": {"time": [0]}}),
        (body(event("a", event_properties=[1])), {"events_with_invalid_fields": {"event_properties": [0]}}),
        (body(event("a", user_id=12345)), {"events_with_invalid_fields": {"user_id": [0]}}),
        (body(event("a", user_id="abc")), {"events_with_invalid_id_lengths": {"user_id": [0]}}),
    ],
)
async def test_a_wrong_upload_is_refused_whole_with_the_events_named(
    http: aiohttp.ClientSession, amplitude: Amplitude, upload: dict[str, Any], details: dict[str, Any]
) -> None:
    response = await http.post(HTTP_V2, json=upload)
    assert response.status == 400
    answer = await response.json()
    assert answer["code"] == 400
    assert answer["error"]
    assert answer | details == answer
    assert amplitude.events == []


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b'{"api_key": "k", "events": [1]}', b'{"api_key":"k","events":7}'])
async def test_a_body_that_is_no_upload_is_a_400(http: aiohttp.ClientSession, data: bytes) -> None:
    response = await http.post(HTTP_V2, data=data)
    assert (response.status, (await response.json())["error"]) == (400, "Invalid JSON request body")


async def test_a_short_id_passes_where_the_upload_allows_it_or_another_id_stands(
    http: aiohttp.ClientSession, amplitude: Amplitude
) -> None:
    await http.post(HTTP_V2, json=body(event("a", user_id="abc"), options={"min_id_length": 1}))
    await http.post(HTTP_V2, json=body(event("b", user_id="abc", device_id="device-1")))
    assert [each.get("user_id") for each in amplitude.events] == ["abc", None]
    assert amplitude.requests[1]["events"][0]["user_id"] == "abc"


async def test_too_many_events_or_bytes_are_refused(http: aiohttp.ClientSession, amplitude: Amplitude) -> None:
    many = await http.post(HTTP_V2, json=body(*[event(str(number)) for number in range(2001)]))
    large = await http.post(HTTP_V2, data=BytesIO(b" " * 2**20 + json.dumps(body(event("a"))).encode()))
    assert (many.status, large.status) == (413, 413)
    assert amplitude.events == []


async def test_a_wrong_key_is_named_as_the_sdk_expects(http: aiohttp.ClientSession, amplitude: Amplitude) -> None:
    amplitude.api_key = "right"
    response = await http.post(HTTP_V2, json=body(event("a")))
    assert response.status == 400
    assert (await response.json())["error"].startswith("Invalid API key:")


async def test_faults_and_events_are_reachable_over_http(http: aiohttp.ClientSession) -> None:
    await http.post("/amplitude/script", json={"status": 429, "details": {"throttled_events": [0]}, "times": 2})
    refused = await http.post(HTTP_V2, json=body(event("a")))
    assert (refused.status, (await refused.json())["throttled_events"]) == (429, [0])
    await http.delete("/amplitude/script")
    await http.post("/amplitude/script", json={"malformed": True})
    with pytest.raises(json.JSONDecodeError):
        await (await http.post(HTTP_V2, json=body(event("a")))).json()
    await http.post(HTTP_V2, json=body(event("a"), event("b")))
    listed = (await (await http.get("/amplitude/events")).json())["events"]
    assert [each["insert_id"] for each in listed] == ["a", "b"]
    await http.delete("/amplitude/events")
    assert (await (await http.get("/amplitude/events")).json()) == {"events": []}


@pytest.mark.parametrize("fault", [{"state": 500}, [], {"status": "500"}, {"hang": "long"}])
async def test_a_wrong_fault_is_refused(http: aiohttp.ClientSession, fault: object) -> None:
    response = await http.post("/amplitude/script", json=fault)
    assert response.status == 400
    assert (await http.post(HTTP_V2, json=body(event("a")))).status == 200


async def test_a_later_event_can_be_waited_for_while_the_server_is_slow(
    http: aiohttp.ClientSession, amplitude: Amplitude
) -> None:
    amplitude.script(hang=0.1)
    waiting = asyncio.create_task(amplitude.wait_for_event(lambda each: each["insert_id"] == "b"))
    await http.post(HTTP_V2, json=body(event("a"), event("b")))
    assert (await asyncio.wait_for(waiting, 60))["insert_id"] == "b"
