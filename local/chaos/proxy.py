"""The proxy between one worker and the world: every request passes here, or meets what was planned for it."""

import asyncio
from dataclasses import dataclass
from typing import Any, Literal, Protocol

import aiohttp
from aiohttp import web

from local.chaos.processes import Worker
from local.chaos.worker_request import WorkerRequest, read_request

# kill: the worker dies. refuse: no answer, nothing done. lose: done, and the answer lost. stall: done, late.
# error: the service says that it is in fault. `when` a kill comes: before the request is done, while the answer
# comes in, or after it is done.
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


class Overseer(Protocol):
    def meets(self, going: WorkerRequest, *, worker_dead: bool) -> Fault | None:
        """What is to come over this request; `worker_dead` if its worker was dead before it got here."""

    def passed(self, going: WorkerRequest) -> None:
        """It was done, and its answer is known on this side."""

    def unheard(self, going: WorkerRequest) -> None:
        """It was done, but its answer came too late: the worker had hung up."""


class FaultProxy:
    """Listens for its worker alone."""

    def __init__(self, aws_url: str, stack_url: str, session: aiohttp.ClientSession, overseer: Overseer) -> None:
        self._aws_url, self._stack_url, self._session, self._overseer = aws_url, stack_url, session, overseer
        self.worker: Worker | None = None

    async def listen(self) -> str:
        """The address that stands for all of the world."""
        self._server = await asyncio.get_running_loop().create_server(web.Server(self._pass), "127.0.0.1", 0)
        return f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    def close(self) -> None:
        self._server.close()

    async def _pass(self, request: web.BaseRequest) -> web.StreamResponse:
        body = await request.content.read()
        going = read_request(request.path, request.headers, body)
        worker_dead = self.worker is not None and self.worker.dead
        fault = self._overseer.meets(going, worker_dead=worker_dead)
        try:
            return await self._meet(request, body, going, fault)
        except (aiohttp.ClientError, ConnectionError):
            return self._break_off(request)

    async def _meet(
        self, request: web.BaseRequest, body: bytes, going: WorkerRequest, fault: Fault | None
    ) -> web.StreamResponse:
        match fault:
            case Fault("kill", "before"):
                return self._end(request, fault)
            case Fault("refuse"):
                return self._break_off(request)
            case Fault("error"):
                status, text = ERRORS[going.service]
                return web.Response(status=status, text=text, content_type="application/json")
            case Fault("stall"):
                await asyncio.sleep(fault.seconds)
        return await self._forward(request, body, going, fault)

    async def _forward(
        self, request: web.BaseRequest, body: bytes, going: WorkerRequest, fault: Fault | None
    ) -> web.StreamResponse:
        base = self._aws_url if going.service in {"dynamodb", "sqs"} else self._stack_url
        headers = {name: value for name, value in request.headers.items() if name.lower() not in HOP_BY_HOP}
        async with self._session.request(request.method, base + request.path_qs, data=body, headers=headers) as answer:
            kept: Any = {name: value for name, value in answer.headers.items() if name.lower() not in HOP_BY_HOP}
            response = web.StreamResponse(status=answer.status, headers=kept)
            if going.step == "ask":
                return await self._stream(request, answer, response, fault)
            whole = await answer.read()
            self._overseer.passed(going)
            if fault and fault.kind in {"kill", "lose"}:
                return self._end(request, fault)
            try:
                await response.prepare(request)
                await response.write(whole)
                await response.write_eof()
            except ConnectionError:
                self._overseer.unheard(going)
            return response

    async def _stream(
        self,
        request: web.BaseRequest,
        answer: aiohttp.ClientResponse,
        response: web.StreamResponse,
        fault: Fault | None,
    ) -> web.StreamResponse:
        await response.prepare(request)
        async for chunk in answer.content.iter_any():
            await response.write(chunk)
            if fault and fault.when == "during":
                return self._end(request, fault)
        if fault and fault.when == "after":
            return self._end(request, fault)
        await response.write_eof()
        return response

    def _end(self, request: web.BaseRequest, fault: Fault) -> web.StreamResponse:
        """It was done, or begun; and the worker does not live to hear of it, or does not hear of it."""
        if fault.kind == "kill" and self.worker:
            self.worker.kill()
        return self._break_off(request)

    def _break_off(self, request: web.BaseRequest) -> web.StreamResponse:
        if request.transport:
            request.transport.abort()
        return web.Response()
