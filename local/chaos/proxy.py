"""The proxy in front of one worker: forwards each of its requests, or injects the planned fault."""

import asyncio
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import aiohttp
from aiohttp import web

from local.chaos.processes import Worker
from local.chaos.worker_request import WorkerRequest, read_request

# kill: the worker is killed. refuse: the connection closes, nothing is forwarded. lose: forwarded, the answer is
# dropped. stall: forwarded late. error: the proxy answers with the service's error.
# `when`: before the request is forwarded, while the answer streams, or after the answer.
Kind = Literal["kill", "refuse", "lose", "stall", "error"]
When = Literal["before", "during", "after"]
HOP_BY_HOP = {"connection", "keep-alive", "transfer-encoding", "content-length", "content-encoding", "host"}
ERRORS = {
    "dynamodb": (500, '{"__type": "InternalServerError", "message": "chaos"}'),
    "sqs": (500, '{"__type": "com.amazonaws.sqs#InternalError", "message": "chaos"}'),
    "telegram": (502, '{"ok": false, "error_code": 502, "description": "Bad Gateway"}'),
    "openai": (503, '{"error": {"message": "chaos", "type": "service_unavailable_error"}}'),
    "amplitude": (503, '{"code": 503, "error": "chaos"}'),
}


@dataclass(frozen=True)
class Fault:
    kind: Kind
    when: When = "before"
    seconds: float = 0


class Faults(Protocol):
    def next_fault(self, asked: WorkerRequest, *, worker_dead: bool) -> Fault | None:
        """:param worker_dead: the worker was killed before its request arrived here"""

    def answered(self, asked: WorkerRequest) -> None:
        """The service has answered the request."""

    def heard(self, asked: WorkerRequest, stream: bytes) -> None:
        """The worker was sent the whole of an answer of the model's."""

    def unheard(self, asked: WorkerRequest) -> None:
        """The service has answered, but the worker had closed its connection."""


class FaultProxy:
    def __init__(self, aws_url: str, stack_url: str, session: aiohttp.ClientSession, faults: Faults) -> None:
        self._aws_url, self._stack_url, self._session, self._faults = aws_url, stack_url, session, faults
        self.worker: Worker | None = None

    async def listen(self) -> str:
        """Returns the base URL that the worker uses for every service."""
        self._handler = web.Server(self._handle)
        self._server = await asyncio.get_running_loop().create_server(self._handler, "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def close(self) -> None:
        """Closes the connections too: those of a worker that was just killed are still open here."""
        self._server.close()
        await self._handler.shutdown(timeout=1)

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.content.read()
        asked = read_request(request.path, request.headers, body)
        worker_dead = self.worker is not None and self.worker.dead
        fault = self._faults.next_fault(asked, worker_dead=worker_dead)
        try:
            return await self._apply(request, body, asked, fault)
        except (aiohttp.ClientError, ConnectionError):
            return self._abort(request)

    async def _apply(
        self, request: web.BaseRequest, body: bytes, asked: WorkerRequest, fault: Fault | None
    ) -> web.StreamResponse:
        match fault:
            case Fault("kill", "before"):
                return self._cut(request, fault)
            case Fault("refuse"):
                return self._abort(request)
            case Fault("error"):
                status, text = ERRORS[asked.service]
                return web.Response(status=status, text=text, content_type="application/json")
            case Fault("stall"):
                await asyncio.sleep(fault.seconds)
        return await self._forward(request, body, asked, fault)

    async def _forward(
        self, request: web.BaseRequest, body: bytes, asked: WorkerRequest, fault: Fault | None
    ) -> web.StreamResponse:
        base = self._aws_url if asked.service in {"dynamodb", "sqs"} else self._stack_url
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        async with self._session.request(request.method, base + request.path_qs, data=body, headers=headers) as answer:
            kept: Any = {name: value for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP}
            response = web.StreamResponse(status=answer.status, headers=kept)
            if asked.step == "ask":
                return await self._stream(request, answer, response, (asked, fault))
            whole = await answer.read()
            self._faults.answered(asked)
            if fault and fault.kind in {"kill", "lose"}:
                return self._cut(request, fault)
            try:
                await response.prepare(request)
                await response.write(whole)
                await response.write_eof()
            except ConnectionError:
                self._faults.unheard(asked)
            return response

    async def _stream(
        self,
        request: web.BaseRequest,
        answer: aiohttp.ClientResponse,
        response: web.StreamResponse,
        planned: tuple[WorkerRequest, Fault | None],
    ) -> web.StreamResponse:
        asked, fault = planned
        await response.prepare(request)
        whole = b""
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
            whole += chunk
            if fault and fault.when == "during":
                return self._cut(request, fault)
        if fault and fault.when == "after":
            return self._cut(request, fault)
        await response.write_eof()
        self._faults.heard(asked, whole)
        return response

    def _cut(self, request: web.BaseRequest, fault: Fault) -> web.StreamResponse:
        """Kills the worker if the fault says so, and closes the connection either way."""
        if fault.kind == "kill" and self.worker:
            self.worker.kill()
        return self._abort(request)

    def _abort(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.transport:
            request.transport.abort()
        return web.Response()
