"""The Bot API over HTTP: `/bot<token>/<method>`, with parameters in the query, a form, multipart or JSON."""

import hmac
import json

from aiohttp import web
from aiohttp.multipart import BodyPartReader

from local.simulator import files
from local.simulator.bot_api import BotApi, ConnectionLost, MalformedAnswer
from local.simulator.refusal import Json, Refused, bad_request

MAX_UPLOAD_BYTES = 50 * 1024 * 1024


class BotApiRoutes:
    def __init__(self, bot_api: BotApi) -> None:
        self._bot_api = bot_api

    def add_to(self, app: web.Application) -> None:
        app.router.add_route("*", "/bot{token:[^/]+}/{method}", self._call)
        app.router.add_get("/file/bot{token:[^/]+}/{kind}/{file_id}", self._file)
        # Telegram's server skips "/bot" at the beginning of the path, so a doubled slash is no method of it.
        app.router.add_route("*", "//bot{rest:.*}", self._not_found)

    async def _not_found(self, _request: web.Request) -> web.Response:
        return web.json_response(Refused(404, "Not Found").body(), status=404)

    async def _file(self, request: web.Request) -> web.Response:
        """Name and type of a file are not kept."""
        try:
            self._check_token(request.match_info["token"])
        except Refused as refused:
            return web.json_response(refused.body(), status=refused.code)
        found = files.contents(self._bot_api.server.state, request.match_info["file_id"])
        if found is None:
            return web.json_response(Refused(404, "Not Found").body(), status=404)
        return web.Response(body=found, content_type="application/octet-stream")

    async def _call(self, request: web.Request) -> web.StreamResponse:
        try:
            self._check_token(request.match_info["token"])
            params = dict(request.query) | await self._body(request)
            result = await self._bot_api.execute(request.match_info["method"], params)
        except Refused as refused:
            headers = {"Retry-After": str(refused.retry_after)} if refused.retry_after else {}
            return web.json_response(refused.body(), status=refused.code, headers=headers)
        except ConnectionLost:
            if request.transport:
                request.transport.abort()
            return web.Response(status=502)
        except MalformedAnswer as malformed:
            return web.Response(text=json.dumps({"ok": True, "result": malformed.result})[:-1])
        return web.json_response({"ok": True, "result": result})

    def _check_token(self, token: str) -> None:
        if not hmac.compare_digest(token.encode(), self._bot_api.server.token.encode()):
            raise Refused(401, "Unauthorized")

    async def _body(self, request: web.Request) -> Json:
        if request.content_type == "application/json":
            try:
                body = await request.json()
            except ValueError:
                raise bad_request("can't parse request: invalid JSON") from None
            if not isinstance(body, dict):
                raise bad_request("can't parse request: JSON object expected")
            return body
        if request.content_type.startswith("multipart/"):
            return await self._multipart(request)
        return dict(await request.post())

    async def _multipart(self, request: web.Request) -> Json:
        """The fields. A new file id replaces each uploaded file and each `attach://` reference to it."""
        params: Json = {}
        uploads: dict[str, str] = {}
        async for part in await request.multipart():
            if not isinstance(part, BodyPartReader) or part.name is None:
                raise bad_request("can't parse multipart request")
            if part.filename is None:
                params[part.name] = await part.text()
            else:
                uploads[part.name] = await self._keep(part)
        for name, value in params.items():
            if isinstance(value, str) and value.startswith("attach://"):
                params[name] = uploads.pop(value.removeprefix("attach://"), value)
        return params | uploads

    async def _keep(self, part: BodyPartReader) -> str:
        """In pieces: aiohttp reads no part that is larger than a megabyte whole."""
        data = bytearray()
        while piece := await part.read_chunk():
            data += piece
            if len(data) > MAX_UPLOAD_BYTES:
                raise Refused(413, "Request Entity Too Large")
        content_type = part.headers.get("Content-Type", "application/octet-stream")
        return files.keep(self._bot_api.server.state, bytes(data), part.filename, content_type)
