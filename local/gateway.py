"""The HTTP API in front of the functions: their routes, in an aiohttp application."""

import asyncio
import re
from collections.abc import Iterable

from aiohttp import web

from local.http_event import MalformedAnswerError, event_of, response_of
from local.invocation import InvocationError, LocalFunction
from local.template import Route

MAX_BODY_BYTES = 10 * 1024 * 1024
MAX_SECONDS_TO_ANSWER = 30


def add_routes(
    app: web.Application, functions: Iterable[LocalFunction], seconds_to_answer: float = MAX_SECONDS_TO_ANSWER
) -> None:
    """Adds full paths before greedy ones, and $default last, so that the template's order does not matter."""
    routes = [(route, function) for function in functions for route in function.function.routes]
    for route, function in sorted(routes, key=lambda pair: _greed(pair[0])):
        key = "$default" if route.path == "$default" else f"{route.method} {route.path}"
        method = "*" if route.method == "ANY" else route.method
        app.router.add_route(method, _pattern(route.path), _Integration(function, key, seconds_to_answer).handle)


def _greed(route: Route) -> int:
    return 2 if route.path == "$default" else int("{proxy+}" in route.path)


def _pattern(path: str) -> str:
    return "/{proxy:.*}" if path == "$default" else re.sub(r"\{(\w+)\+\}", r"{\1:.+}", path)


class _Integration:
    def __init__(self, function: LocalFunction, route_key: str, seconds_to_answer: float) -> None:
        self._function = function
        self._route_key = route_key
        self._seconds_to_answer = seconds_to_answer

    async def handle(self, request: web.Request) -> web.Response:
        body = await _read(request)
        if body is None:
            return _message(413, "Request Entity Too Large")
        try:
            # After 30 s an HTTP API answers 503; a REST API would answer 504.
            async with asyncio.timeout(self._seconds_to_answer):
                return response_of(await self._function.invoke(event_of(request, body, self._route_key)))
        except TimeoutError:
            return _message(503, "Service Unavailable")
        except (InvocationError, MalformedAnswerError):
            return _message(500, "Internal Server Error")


async def _read(request: web.Request) -> bytes | None:
    """The body, or None if it is too large. Read in chunks, because aiohttp's own limit is smaller."""
    body = bytearray()
    async for chunk in request.content.iter_chunked(64 * 1024):
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


def _message(status: int, text: str) -> web.Response:
    return web.json_response({"message": text}, status=status)
