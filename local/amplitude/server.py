"""A double of Amplitude's HTTP V2 API: checks events as Amplitude does, drops repeats, and keeps the other events.

https://amplitude.com/docs/apis/analytics/http-v2
"""

import asyncio
import json
import time
from collections.abc import Callable, Iterable
from concurrent.futures import Future
from typing import Any

from aiohttp import web

from local.amplitude.deletions import Deletions
from local.amplitude.faults import Fault, Faults, fault_from_json
from local.amplitude.uploads import Event, RefusedError, check_each, checked_events, min_id_length

_MAX_BYTES = {"/2/httpapi": 2**20, "/batch": 20 * 2**20}
_INSERT_ID_SECONDS = 7 * 24 * 3600  # an insert_id is a repeat for this long
_MAX_KEPT = 10_000


class Amplitude:
    """`events` are the accepted events, oldest first; `requests` are the bodies of all uploads.

    Accepts any API key, or only `api_key` if given.
    """

    def __init__(self, *, api_key: str | None = None) -> None:
        self.events: list[Event] = []
        self.requests: list[Any] = []
        self.api_key = api_key
        self.deletions = Deletions(self._forget_users)
        self._faults = Faults()
        self._seen: dict[tuple[str, str], float] = {}
        self._watchers: list[Future[None]] = []
        self._stopping = asyncio.Event()

    def add_routes(self, app: web.Application) -> None:
        for path in _MAX_BYTES:
            app.router.add_post(f"/amplitude{path}", self._upload)
        app.router.add_get("/amplitude/events", self._list_events)
        app.router.add_delete("/amplitude/events", self._forget)
        app.router.add_post("/amplitude/script", self._add_fault)
        app.router.add_delete("/amplitude/script", self._clear_faults)
        self.deletions.add_routes(app)
        app.on_shutdown.append(self._stop)

    def script(self, **fault: Any) -> None:
        """Queues one :class:`Fault`, given by its fields."""
        self._faults.add(Fault(**fault))

    async def wait_for_event(self, predicate: Callable[[Event], bool] = lambda _: True) -> Event:
        """The first event, past or future, that matches the predicate. A test in another thread can wait, too."""
        while True:
            changed: Future[None] = Future()
            self._watchers.append(changed)
            found = next(filter(predicate, self.events), None)
            if found is not None:
                return found
            await asyncio.wrap_future(changed)

    async def _upload(self, request: web.Request) -> web.Response:
        raw = await request.content.read()
        body = _parsed(raw)
        self.requests.append(body)
        del self.requests[:-_MAX_KEPT]
        fault = self._faults.take()
        await self._pause(fault.hang)
        max_bytes = _MAX_BYTES[request.path.removeprefix("/amplitude")]
        try:
            if fault.status is not None:
                raise RefusedError(fault.status, fault.error, fault.details)  # noqa: TRY301 - as any refusal
            if fault.disconnect or fault.malformed:
                if fault.accepted:
                    self._ingest(raw, body, max_bytes)
                return _broken(request, fault)
            return web.json_response(self._ingest(raw, body, max_bytes))
        except RefusedError as error:
            return web.json_response(error.body, status=error.body["code"])

    def _ingest(self, raw: bytes, body: Any, max_bytes: int) -> dict[str, Any]:
        """:raises RefusedError: one invalid event refuses the whole upload"""
        events = checked_events(raw, body, max_bytes)
        if self.api_key is not None and body["api_key"] != self.api_key:
            raise RefusedError(400, f"Invalid API key: {body['api_key']}")
        check_each(events, min_id_length(body))
        now = time.time()
        for event in events:
            if not self._is_repeat(event, now):
                self.events.append({"time": int(now * 1000), **event})
        del self.events[:-_MAX_KEPT]
        self._tell()
        return {
            "code": 200,
            "events_ingested": len(events),
            "payload_size_bytes": len(raw),
            "server_upload_time": int(now * 1000),
        }

    def _is_repeat(self, event: Event, now: float) -> bool:
        """Whether the same device, or person if there is no device, sent this insert_id within a week."""
        if not event.get("insert_id"):
            return False
        place = (event.get("device_id") or event["user_id"], event["insert_id"])
        first_seen = self._seen.get(place)
        if first_seen is not None and now - first_seen < _INSERT_ID_SECONDS:
            return True
        self._seen[place] = now
        return False

    async def _pause(self, seconds: float) -> None:
        if seconds > 0:
            try:
                await asyncio.wait_for(self._stopping.wait(), seconds)
            except TimeoutError:
                return

    def _tell(self) -> None:
        watchers, self._watchers = self._watchers, []
        for watcher in watchers:
            if watcher.set_running_or_notify_cancel():
                watcher.set_result(None)

    async def _stop(self, _app: web.Application) -> None:
        self._stopping.set()

    def _forget_users(self, user_ids: Iterable[str]) -> None:
        gone = set(user_ids)
        self.events[:] = [event for event in self.events if event.get("user_id") not in gone]

    async def _list_events(self, _request: web.Request) -> web.Response:
        return web.json_response({"events": self.events})

    async def _forget(self, _request: web.Request) -> web.Response:
        for kept in (self.events, self.requests, self._seen):
            kept.clear()
        return web.Response(status=204)

    async def _add_fault(self, request: web.Request) -> web.Response:
        """The body holds the fields of :class:`Fault`."""
        try:
            self._faults.add(fault_from_json(await request.json()))
        except ValueError as error:
            return web.json_response({"error": str(error)}, status=400)
        return web.json_response({"queued": 1})

    async def _clear_faults(self, _request: web.Request) -> web.Response:
        self._faults.clear()
        return web.Response(status=204)


def _parsed(raw: bytes) -> Any:
    """None if the body is no JSON."""
    try:
        return json.loads(raw)
    except ValueError:
        return None


def _broken(request: web.Request, fault: Fault) -> web.Response:
    if fault.disconnect and request.transport is not None:
        request.transport.close()
    return web.Response(text='{"code": 2', content_type="application/json")
