"""The control API, for a test in another process."""

from collections.abc import AsyncIterator
from typing import Any

import aiohttp
import init_data_py
import pytest

from local.simulator import Simulator
from tests.simulator.conftest import TOKEN


@pytest.fixture
async def control(url: str) -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession(url) as session:
        yield session


async def answer(session: aiohttp.ClientSession, method: str, path: str, body: object = None) -> tuple[int, Any]:
    async with session.request(method, path, json=body) as response:
        return response.status, await response.json()


async def test_a_person_is_made_writes_edits_and_is_answered(
    control: aiohttp.ClientSession, simulator: Simulator
) -> None:
    await answer(control, "POST", "/simulator/users/7", {"first_name": "Иван", "language_code": "ru"})
    _, sent = await answer(control, "POST", "/simulator/users/7/messages", {"text": "/start"})
    await answer(control, "POST", "/simulator/users/7/edits", {"message_id": sent["message_id"], "text": "Hello"})
    await answer(control, "POST", "/simulator/users/7/messages", {"kind": "photo", "caption": "Look"})
    markup = {"inline_keyboard": [[{"text": "Go", "callback_data": "go"}]]}
    await answer(control, "POST", f"/bot{TOKEN}/sendMessage", {"chat_id": 7, "text": "Hi", "reply_markup": markup})
    _, pressed = await answer(control, "POST", "/simulator/users/7/presses", {"message_id": 3, "button": "Go"})
    _, seen = await answer(control, "GET", "/simulator/chats/7/messages")
    assert [each.get("text", each.get("caption")) for each in seen["messages"]] == ["Hello", "Look", "Hi"]
    assert [list(pending.update)[1] for pending in simulator.server.state.pending] == [
        "message",
        "edited_message",
        "message",
        "callback_query",
    ]
    assert pressed["query_id"] in simulator.server.callback_queries


async def test_faults_are_scripted_and_calls_are_listed(control: aiohttp.ClientSession) -> None:
    await answer(control, "POST", "/simulator/users/7", {})
    await answer(control, "POST", "/simulator/faults", {"method": "sendMessage", "error_code": 500})
    status, _ = await answer(control, "POST", f"/bot{TOKEN}/sendMessage", {"chat_id": 7, "text": "Hi"})
    assert status == 500
    _, listed = await answer(control, "GET", "/simulator/calls?method=sendMessage&chat_id=7")
    assert [(call["params"]["text"], call["error_code"]) for call in listed["calls"]] == [("Hi", 500)]
    await answer(control, "DELETE", "/simulator/calls")
    assert (await answer(control, "GET", "/simulator/calls"))[1] == {"calls": []}


async def test_blocking_and_init_data(control: aiohttp.ClientSession, simulator: Simulator) -> None:
    await answer(control, "POST", "/simulator/users/7", {"first_name": "Анна 😀"})
    await answer(control, "POST", "/simulator/users/7/block", {})
    assert simulator.server.state.people[7].blocked
    await answer(control, "POST", "/simulator/users/7/unblock", {})
    assert not simulator.server.state.people[7].blocked
    path = "/simulator/users/7/init_data?start_param=mario&auth_date=1700000000"
    _, given = await answer(control, "GET", path)
    parsed = init_data_py.validate_by_hash(given["init_data"], TOKEN, expires_in=None)
    assert (parsed.start_param, parsed.user and parsed.user.first_name) == ("mario", "Анна 😀")
    with pytest.raises(init_data_py.errors.HashInvalidError):
        init_data_py.validate_by_hash(given["init_data"], "654321:OTHER-token", expires_in=None)


@pytest.mark.parametrize(
    ("path", "body", "status"),
    [
        ("users/7/messages", {"text": "a"}, 404),
        ("users/1/messages", {"text": ""}, 400),
        ("users/1/messages", {"words": "a"}, 400),
        ("users/1/messages", ["a"], 400),
        ("users/1/edits", {"message_id": 99, "text": "a"}, 400),
        ("users/1/presses", {"message_id": 99, "button": "a"}, 400),
        ("faults", {"error": 500}, 400),
    ],
)
async def test_an_invalid_request_gets_a_reason(
    control: aiohttp.ClientSession, simulator: Simulator, path: str, body: object, status: int
) -> None:
    simulator.user(1)
    got, said = await answer(control, "POST", f"/simulator/{path}", body)
    assert got == status
    assert said["error"]


async def test_a_page_of_another_origin_is_refused(control: aiohttp.ClientSession, simulator: Simulator) -> None:
    simulator.user(1)
    async with control.post("/simulator/users/1/messages", data='{"text": "a"}') as response:
        assert response.status == 400
    with pytest.raises(aiohttp.WSServerHandshakeError, match="403"):
        await control.ws_connect("/chat/socket", headers={"Origin": "https://evil.example"})
    assert simulator.messages(1) == []
