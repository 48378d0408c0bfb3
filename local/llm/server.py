"""The offline model's HTTP server: OpenAI's endpoints under /openai/v1, and the control routes."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from local.llm.answering import Answering, Words
from local.llm.calls import RAW, Call, Calls
from local.llm.errors import RefusedError
from local.llm.improvisation import Improvisation
from local.llm.script import Behaviour, Script, behaviour_from_json

_NATURAL_PACE = 0.035  # seconds per word
_PRIVATE_HEADERS = {"authorization", "api-key", "cookie"}

Work = Callable[[web.Request, Call], Awaitable[web.StreamResponse]]


class OfflineModel:
    """Accepts any API key, or only `api_key` if given. `pace` is seconds per streamed word."""

    def __init__(self, *, pace: float = _NATURAL_PACE, api_key: str | None = None, words: Words | None = None) -> None:
        self.calls = Calls()
        self._api_key = api_key
        self._script = Script()
        self._stopping = asyncio.Event()
        self._answering = Answering(self._script, pace, words or Improvisation(), self._stopping, self.calls.tell)

    def add_routes(self, app: web.Application) -> None:
        working = self._answering
        app.router.add_post("/openai/v1/responses", self._recorded("responses", working.answer))
        app.router.add_post("/openai/v1/chat/completions", self._recorded("chat/completions", working.answer))
        app.router.add_post("/openai/v1/moderations", self._recorded("moderations", working.moderate))
        app.router.add_post("/openai/v1/audio/transcriptions", self._recorded("transcriptions", working.transcribe))
        app.router.add_post("/openai/v1/images/generations", self._recorded("images", working.draw))
        app.router.add_post("/openai/v1/audio/speech", self._recorded("speech", working.speak))
        app.router.add_get("/openai/v1/realtime", self._recorded("realtime", working.converse))
        app.router.add_post("/openai/v1/decisions", self._recorded("decisions", working.decide))
        app.router.add_get("/openai/v1/models", self._recorded("models", working.offer))
        app.router.add_get("/openai/v1/models/{name}", self._recorded("models", working.offer))
        app.router.add_post("/openai/script", self._add_to_script)
        app.router.add_delete("/openai/script", self._clear_script)
        app.router.add_get("/openai/calls", self._list_calls)
        app.router.add_delete("/openai/calls", self._clear_calls)
        app.on_shutdown.append(self._stop)

    def script(self, **behaviour: Any) -> None:
        """Queues one :class:`Behaviour`, given by its fields."""
        self._script.add(Behaviour(**behaviour))

    def clear_script(self) -> None:
        self._script.clear()

    async def wait_for_call(self, predicate: Callable[[Call], bool] = lambda _: True) -> Call:
        """The first call, past or future, that matches the predicate."""
        return await self.calls.wait_for(predicate)

    async def _stop(self, _app: web.Application) -> None:
        self._stopping.set()

    def _recorded(self, endpoint: str, work: Work) -> Callable[[web.Request], Awaitable[web.StreamResponse]]:
        async def handle(request: web.Request) -> web.StreamResponse:
            headers = {name: value for name, value in request.headers.items() if name.lower() not in _PRIVATE_HEADERS}
            # request.read() would refuse a body larger than a megabyte.
            raw = request[RAW] = await request.content.read()
            call = self.calls.open(Call(endpoint, headers, _parsed(raw)))
            try:
                self._check_key(request)
                _check_parsed(raw, call)
                return await work(request, call)
            except RefusedError as error:
                call.outcome = f"status {error.status}"
                return error.response()
            except (ConnectionError, asyncio.CancelledError):
                call.outcome = "client left"
                raise
            finally:
                self.calls.tell()

        return handle

    def _check_key(self, request: web.Request) -> None:
        scheme, _, key = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Bearer" or not key:
            raise RefusedError(401, "Missing bearer or basic authentication in header")
        if self._api_key is not None and key != self._api_key:
            raise RefusedError(401, f"Incorrect API key provided: {key[:3]}***.", "invalid_api_key")

    async def _add_to_script(self, request: web.Request) -> web.Response:
        """The body is a behaviour or a list of them: the fields of :class:`Behaviour` that JSON can hold."""
        try:
            given = await request.json()
            behaviours = [behaviour_from_json(item) for item in (given if isinstance(given, list) else [given])]
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        for behaviour in behaviours:
            self._script.add(behaviour)
        return web.json_response({"queued": len(behaviours)})

    async def _clear_script(self, _request: web.Request) -> web.Response:
        self._script.clear()
        return web.Response(status=204)

    async def _list_calls(self, _request: web.Request) -> web.Response:
        return web.json_response({"calls": [call.as_json() for call in self.calls]})

    async def _clear_calls(self, _request: web.Request) -> web.Response:
        self.calls.clear()
        return web.Response(status=204)


def _check_parsed(raw: bytes, call: Call) -> None:
    if raw and call.body is None and call.endpoint != "transcriptions":
        raise RefusedError(400, "We could not parse the JSON body of your request.")


def _parsed(raw: bytes) -> Any:
    """None if the body is no JSON."""
    try:
        return json.loads(raw)
    except ValueError:
        return None
