"""The HTTP API over a real socket: the function's event and the client's response."""

import asyncio
import base64
import io
import threading
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestClient, TestServer

from local.gateway import MAX_BODY_BYTES, add_routes
from local.invocation import Handler, LocalFunction
from local.template import Function, Route

Client = TestClient[web.Request, web.Application]
Serve = Callable[..., Awaitable[Client]]


@pytest.fixture
async def serve() -> AsyncIterator[Serve]:
    clients: list[Client] = []

    async def start(*handlers: tuple[Handler, str, str], seconds_to_answer: float = 30) -> Client:
        functions = [
            LocalFunction(Function(f"Work{n}", "a.b", 20, 256, {}, (Route(method, path),), (), ()), handler)
            for n, (handler, method, path) in enumerate(handlers)
        ]
        app = web.Application(client_max_size=1024)
        add_routes(app, functions, seconds_to_answer)
        client = TestClient(TestServer(app))
        await client.start_server()
        clients.append(client)
        return client

    yield start
    for client in clients:
        await client.close()


def answering(answer: object) -> Handler:
    return lambda _event, _context: answer


def echo(event: Any, _context: object) -> Any:
    return event


async def test_the_event_has_the_shape_of_payload_format_two(serve: Serve) -> None:
    client = await serve((echo, "POST", "/telegram/{place}"))
    response = await client.post(
        "/telegram/web%20hook?a=1&a=2&b=%D0%B9&c=",
        data='{"text": "Привет"}'.encode(),
        headers=[
            ("Content-Type", "application/json"),
            ("X-Telegram-Bot-Api-Secret-Token", "secret"),
            ("X-Twice", "1"),
            ("X-Twice", "2"),
            ("Cookie", "one=1; two=2"),
            ("User-Agent", "test"),
        ],
    )
    event = await response.json()
    context, headers = event.pop("requestContext"), event.pop("headers")
    assert event == {
        "version": "2.0",
        "routeKey": "POST /telegram/{place}",
        "rawPath": "/telegram/web hook",
        "rawQueryString": "a=1&a=2&b=%D0%B9&c=",
        "cookies": ["one=1", "two=2"],
        "queryStringParameters": {"a": "1,2", "b": "й", "c": ""},
        "pathParameters": {"place": "web hook"},
        "body": '{"text": "Привет"}',
        "isBase64Encoded": False,
    }
    assert headers["x-telegram-bot-api-secret-token"] == "secret"
    assert headers["x-twice"] == "1,2"
    assert headers["x-forwarded-for"] == "127.0.0.1"
    assert "cookie" not in headers
    assert context["http"] == {
        "method": "POST",
        "path": "/telegram/web hook",
        "protocol": "HTTP/1.1",
        "sourceIp": "127.0.0.1",
        "userAgent": "test",
    }
    assert context["routeKey"] == "POST /telegram/{place}"
    assert context["stage"] == "$default"
    assert abs(context["timeEpoch"] / 1000 - 1.8e9) < 1e9
    assert set(context) == {
        "accountId",
        "apiId",
        "domainName",
        "domainPrefix",
        "http",
        "requestId",
        "routeKey",
        "stage",
        "time",
        "timeEpoch",
    }


async def test_empty_parts_are_left_out_of_the_event(serve: Serve) -> None:
    client = await serve((echo, "GET", "/"))
    event = await (await client.get("/")).json()
    assert not {"body", "cookies", "queryStringParameters", "pathParameters"} & set(event)


@pytest.mark.parametrize("content_type", ["application/octet-stream", "application/x-www-form-urlencoded", "image/png"])
async def test_a_body_of_any_other_type_comes_in_base64(serve: Serve, content_type: str) -> None:
    client = await serve((echo, "POST", "/"))
    event = await (await client.post("/", data=b"\x00\xff", headers={"Content-Type": content_type})).json()
    assert event["isBase64Encoded"] is True
    assert base64.b64decode(event["body"]) == b"\x00\xff"


async def test_the_answer_becomes_the_response(serve: Serve) -> None:
    client = await serve(
        (
            answering({"statusCode": 403, "headers": {"X-Count": 3}, "cookies": ["a=1", "b=2"], "body": "нет"}),
            "GET",
            "/",
        )
    )
    response = await client.get("/")
    assert response.status == 403
    assert response.headers["X-Count"] == "3"
    assert response.headers.getall("Set-Cookie") == ["a=1", "b=2"]
    assert response.headers["Content-Type"] == "text/plain;charset=UTF-8"
    assert await response.text() == "нет"


async def test_an_answer_in_base64_is_decoded(serve: Serve) -> None:
    answer = {
        "statusCode": 200,
        "headers": {"content-type": "image/png"},
        "body": base64.b64encode(b"\x00\xff").decode(),
        "isBase64Encoded": True,
    }
    client = await serve((answering(answer), "GET", "/"))
    response = await client.get("/")
    assert response.headers.getall("Content-Type") == ["image/png"]
    assert await response.read() == b"\x00\xff"


async def test_an_answer_without_a_status_is_the_body_itself(serve: Serve) -> None:
    client = await serve((answering({"method": "sendChatAction"}), "GET", "/"))
    response = await client.get("/")
    assert response.status == 200
    assert response.content_type == "application/json"
    assert await response.json() == {"method": "sendChatAction"}


@pytest.mark.parametrize(
    "answer",
    [
        {"statusCode": "soon"},
        {"statusCode": None},
        {"statusCode": 99},
        {"statusCode": 200, "headers": ["a"]},
        {"statusCode": 200, "headers": {"X-A": "1\r\nX-B: 2"}},
        {"statusCode": 200, "body": {"no": "text"}},
        {"statusCode": 200, "body": "!", "isBase64Encoded": True},
        object(),
    ],
)
async def test_an_answer_that_is_no_response_is_an_internal_error(serve: Serve, answer: object) -> None:
    client = await serve((answering(answer), "GET", "/"))
    response = await client.get("/")
    assert response.status == 500
    assert await response.json() == {"message": "Internal Server Error"}


async def test_a_handler_that_raises_is_an_internal_error_without_details(serve: Serve) -> None:
    def broken(_event: Any, _context: object) -> None:
        raise ValueError("canary")

    client = await serve((broken, "GET", "/"))
    response = await client.get("/")
    assert response.status == 500
    assert await response.text() == '{"message": "Internal Server Error"}'


async def test_a_handler_slower_than_the_gateway_waits_is_service_unavailable(serve: Serve) -> None:
    release = threading.Event()
    client = await serve((lambda _event, _context: release.wait(10), "GET", "/"), seconds_to_answer=0.1)
    response = await client.get("/")
    release.set()
    assert response.status == 503
    assert await response.json() == {"message": "Service Unavailable"}


async def test_ten_megabytes_pass_and_one_byte_more_does_not(serve: Serve) -> None:
    client = await serve((lambda event, _context: str(len(event["body"])), "POST", "/"))
    headers = {"Content-Type": "text/plain"}
    response = await client.post("/", data=io.BytesIO(b"x" * MAX_BODY_BYTES), headers=headers)
    assert await response.json() == str(MAX_BODY_BYTES)
    response = await client.post("/", data=io.BytesIO(b"x" * (MAX_BODY_BYTES + 1)), headers=headers)
    assert response.status == 413
    assert await response.json() == {"message": "Request Entity Too Large"}


async def test_the_closest_route_wins_in_any_order(serve: Serve) -> None:
    client = await serve(
        (answering("default"), "ANY", "$default"),
        (answering("greedy"), "ANY", "/{proxy+}"),
        (answering("named"), "GET", "/{name}"),
        (answering("exact"), "GET", "/select"),
    )
    for path, name in (("/select", "exact"), ("/other", "named"), ("/a/b", "greedy"), ("/", "default")):
        assert await (await client.get(path)).json() == name
    assert await (await client.post("/select")).json() == "greedy"


async def test_requests_are_answered_side_by_side(serve: Serve) -> None:
    together = threading.Barrier(2)
    client = await serve((lambda _event, _context: together.wait(5) >= 0, "GET", "/"))
    responses = await asyncio.gather(client.get("/"), client.get("/"))
    assert [await response.json() for response in responses] == [True, True]
