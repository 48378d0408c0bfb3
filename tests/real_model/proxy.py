"""A proxy of the model server: keeps requests, can hide an endpoint, and caps the output.

A model of this size goes on for as long as it may.
"""

import asyncio
import json
from types import TracebackType
from typing import Any, Self

import aiohttp
from aiohttp import web

MAX_ANSWER_TOKENS = 24
LIMITS = ("max_output_tokens", "max_completion_tokens")


class Proxy:
    def __init__(self, behind: str) -> None:
        self._behind = behind
        # Paths that are answered 404, as a server without them does.
        self.hidden: set[str] = set()
        self.asked: list[tuple[str, dict[str, Any]]] = []
        # While it is not set, requests wait here.
        self.passes = asyncio.Event()
        self.passes.set()

    async def __aenter__(self) -> Self:
        # llama.cpp closes a connection that waits, perhaps just when the next request is sent on it.
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(force_close=True))
        app = web.Application(client_max_size=2**24)
        app.router.add_route("*", "/{path:.*}", self._pass_on)
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=1)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        host, port = self._runner.addresses[0][:2]
        self.url = f"http://{host}:{port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()
        await self._session.close()

    def asked_at(self, path: str) -> list[dict[str, Any]]:
        """The bodies of the requests to that endpoint."""
        return [body for asked, body in self.asked if asked == path]

    async def _pass_on(self, request: web.Request) -> web.StreamResponse:
        sent = await request.read()
        if request.path in self.hidden:
            return web.Response(status=404, text="404 page not found")
        body = json.loads(sent or b"{}")
        self.asked.append((request.path, body))
        await self.passes.wait()
        less = {name: min(body[name], MAX_ANSWER_TOKENS) for name in LIMITS if name in body}
        url = f"{self._behind}{request.path}"
        headers = {"Content-Type": "application/json"}
        async with self._session.request(request.method, url, data=json.dumps(body | less), headers=headers) as answer:
            response = web.StreamResponse(
                status=answer.status, headers={"Content-Type": answer.headers["Content-Type"]}
            )
            await response.prepare(request)
            try:
                async for chunk in answer.content.iter_any():
                    await response.write(chunk)
            except (ConnectionError, asyncio.CancelledError):
                return response
            return response
