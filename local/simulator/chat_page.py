"""The chat page: its files, those of messages, those that people attach, and its WebSocket."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web

from functions.llm_reply.text_to_speech.libsndfile import UnreadableSoundError
from local.simulator.attaching import attach
from local.simulator.files import contents, image_type
from local.simulator.ogg import is_opus
from local.simulator.page_connection import PageConnection
from local.simulator.telegram_server import TelegramServer
from local.simulator.user import User

PAGE = Path(__file__).parent / "page"
HEADERS = {
    "Cache-Control": "no-cache",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    # A Mini App may be on any host; everything else comes from this server.
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' https:; media-src 'self';"
        " connect-src 'self';"
        " frame-src 'self' https: http://localhost:* http://127.0.0.1:*; base-uri 'none'; form-action 'none'"
    ),
}
TYPES = {".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml"}
# A person may send files of 2 GB in Telegram; a bot may fetch files of 20 MB.
MAX_UPLOAD_BYTES = 64 * 1024 * 1024


class ChatPage:
    def __init__(self, server: TelegramServer) -> None:
        self._server = server

    def add_to(self, app: web.Application) -> None:
        app.router.add_get("/chat", self._asset)
        app.router.add_get("/chat/socket", self._socket)
        app.router.add_get("/chat/files/{file_id}", self._file)
        app.router.add_post(r"/chat/people/{id:\d+}/files", self._upload)
        app.router.add_get("/chat/{name}", self._asset)

    async def _asset(self, request: web.Request) -> web.Response:
        path = PAGE / request.match_info.get("name", "index.html")
        if path.parent != PAGE or path.suffix not in TYPES or not path.is_file():
            raise web.HTTPNotFound
        return web.Response(body=path.read_bytes(), content_type=TYPES[path.suffix], charset="utf-8", headers=HEADERS)

    async def _file(self, request: web.Request) -> web.Response:
        """A file of a message. Only sounds, and images that can't run scripts, keep their content type."""
        file_id = request.match_info["file_id"]
        data = contents(self._server.state, file_id)
        if data is None:
            raise web.HTTPNotFound
        named = self._server.state.files.get(file_id, {}).get("content_type") or image_type(data)
        shown = named.startswith("image/") and "svg" not in named
        content_type = "audio/ogg" if is_opus(data) else named if shown else "application/octet-stream"
        return web.Response(body=data, content_type=content_type, headers=HEADERS)

    async def _upload(self, request: web.Request) -> web.Response:
        """The person attaches the body: as a file, or with ?as=photo or ?as=voice as a photo or a voice message."""
        _check_origin(request)
        person = self._server.state.people.get(int(request.match_info["id"]))
        if not person:
            raise web.HTTPNotFound
        data = bytearray()
        async for part in request.content.iter_chunked(1 << 16):
            data += part
            if len(data) > MAX_UPLOAD_BYTES:
                raise web.HTTPRequestEntityTooLarge(MAX_UPLOAD_BYTES, len(data))
        try:
            await attach(User(self._server, person), bytes(data), request)
        except (ValueError, UnreadableSoundError) as problem:
            raise web.HTTPBadRequest(text=str(problem)) from None
        return web.json_response({})

    async def _socket(self, request: web.Request) -> web.WebSocketResponse:
        _check_origin(request)
        socket = web.WebSocketResponse(heartbeat=30)
        await socket.prepare(request)
        connection = PageConnection(self._server)
        with self._server.changes.subscribed(connection.notify):
            sending = asyncio.create_task(connection.send_to(socket))
            try:
                async for message in socket:
                    if message.type is WSMsgType.TEXT:
                        connection.receive(message.data)
            finally:
                sending.cancel()
        return socket


def _check_origin(request: web.Request) -> None:
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="Only the chat page can do this")
