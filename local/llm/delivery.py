"""Sends a reply at the model's pace, or breaks it off as scripted."""

import asyncio
import json
import uuid
from dataclasses import dataclass
from typing import Any, Protocol

from aiohttp import web

from local.llm.answer import Answer
from local.llm.errors import refusal
from local.llm.script import Behaviour
from local.llm.sse import Frame


class Reply(Protocol):
    """An answer in one of the two wire formats."""

    @property
    def answer(self) -> Answer: ...
    def whole(self) -> dict[str, Any]: ...
    def failed(self, code: str, message: str) -> dict[str, Any] | None: ...
    def head(self) -> list[Frame]: ...
    def deltas(self) -> list[Frame]: ...
    def tail(self) -> list[Frame]: ...
    def error_frame(self, code: str, message: str, *, nested: bool) -> Frame: ...
    def failed_frame(self, code: str, message: str) -> Frame: ...


@dataclass(frozen=True)
class Delivery:
    request: web.Request
    behaviour: Behaviour
    pace: float  # seconds between deltas
    stopping: asyncio.Event  # set when the server stops; ends every pause

    @property
    def fault(self) -> str | None:
        return self.behaviour.fault

    async def pause(self, seconds: float) -> None:
        if seconds > 0:
            try:
                await asyncio.wait_for(self.stopping.wait(), seconds)
            except TimeoutError:
                return

    async def begin(self) -> bool:
        """Waits as scripted. Returns False if the connection was dropped before the answer.

        :raises RefusedError: the script refuses the request
        """
        told = self.behaviour
        if told.after is None:
            await self.pause(told.hang)
            if told.fault == "disconnect":
                self.drop()
                return False
        if told.is_refusal:
            raise refusal(status=told.status, code=told.code, param=told.param, retry_after=told.retry_after)
        return True

    def drop(self) -> None:
        if self.request.transport is not None:
            self.request.transport.close()

    def raw(self) -> web.Response:
        told = self.behaviour
        body = told.raw.encode() if isinstance(told.raw, str) else told.raw
        return web.Response(status=told.status or 200, body=body, headers={"Content-Type": told.raw_type})

    async def whole(self, reply: Reply) -> web.StreamResponse:
        told = self.behaviour
        await self.pause(told.hang if told.after is not None else 0)
        await self.pause(told.first_delay + self.pace * len(reply.answer.deltas))
        data = reply.failed(*self._failure()) if told.fault == "failed" else reply.whole()
        if data is None or told.fault in {"error_event", "nested_error_event"}:
            raise refusal(code=told.code or "server_error")
        body = json.dumps(data, ensure_ascii=False).encode()
        headers = {"x-request-id": f"req_{uuid.uuid4().hex}", "Content-Type": "application/json"}
        if told.fault in {"malformed", "cut"}:
            return web.Response(body=body[: len(body) // 2], headers=headers)
        if told.fault != "disconnect":
            return web.Response(body=body, headers=headers)
        response = web.StreamResponse(headers=headers | {"Content-Length": str(len(body))})
        await response.prepare(self.request)
        await response.write(body[: len(body) // 2])
        self.drop()
        return response

    async def stream(self, reply: Reply) -> web.StreamResponse:
        headers = {
            "Content-Type": "text/event-stream; charset=utf-8",
            "Cache-Control": "no-cache",
            "x-request-id": f"req_{uuid.uuid4().hex}",
        }
        response = web.StreamResponse(headers=headers)
        await response.prepare(self.request)
        head, deltas = reply.head(), reply.deltas()
        strikes_at = len(head) + min(self.behaviour.after or 0, len(deltas))
        for number, frame in enumerate([*head, *deltas, *reply.tail()]):
            if number == len(head):
                await self.pause(self.behaviour.first_delay)
            if number == strikes_at:
                await self.pause(self.behaviour.hang if self.behaviour.after is not None else 0)
                if self.fault is not None:
                    await self._break_off(response, reply, frame, number)
                    break
            await response.write(frame.encoded(number))
            if len(head) <= number < len(head) + len(deltas):
                await self.pause(self.pace)
        return response

    async def _break_off(self, response: web.StreamResponse, reply: Reply, frame: Frame, number: int) -> None:
        if self.fault == "disconnect":
            self.drop()
        elif self.fault == "malformed":
            await response.write(frame.torn(number))
        elif self.fault == "failed":
            await response.write(reply.failed_frame(*self._failure()).encoded(number))
        elif self.fault != "cut":
            nested = self.fault == "nested_error_event"
            await response.write(reply.error_frame(*self._failure(), nested=nested).encoded(number))

    def _failure(self) -> tuple[str, str]:
        error = refusal(code=self.behaviour.code or "server_error")
        return error.code or "server_error", error.message
