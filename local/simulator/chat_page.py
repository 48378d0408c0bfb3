"""The chat page: its files, and the requests over its WebSocket."""

import asyncio
import json
from pathlib import Path
from urllib.parse import urlsplit

from aiohttp import WSMsgType, web

from functions.llm_reply.text_to_speech.libsndfile import UnreadableSoundError, as_opus
from local.simulator.chat_view import snapshot
from local.simulator.files import contents, image_type
from local.simulator.ogg import is_opus
from local.simulator.refusal import Json
from local.simulator.state import Person
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
DEFAULT_PEOPLE = (
    Person(1001, "Anna", "Smith", "anna_smith", "en", started=False),
    Person(1002, "Иван", "Петров", None, "ru", started=False),
)


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
            await _attach(User(self._server, person), bytes(data), request)
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


async def _attach(user: User, data: bytes, request: web.Request) -> None:
    """:raises ValueError: no picture
    :raises UnreadableSoundError: no sound
    """
    name, kind, wanted = request.query.get("name", "file"), request.content_type, request.query.get("as")
    if wanted == "voice":
        user.send_recording(*await asyncio.to_thread(as_opus, data))
    elif kind.startswith("audio/"):
        user.send_music(data, name, await asyncio.to_thread(_seconds, data), kind)
    else:
        user.send_file(data, name, content_type=kind, as_photo=wanted == "photo")


def _seconds(sound: bytes) -> float:
    """0 if nothing here reads the format, as of M4A."""
    try:
        return as_opus(sound)[1]
    except UnreadableSoundError:
        return 0


def _check_origin(request: web.Request) -> None:
    origin = request.headers.get("Origin")
    if origin and urlsplit(origin).netloc != request.host:
        raise web.HTTPForbidden(text="Only the chat page can do this")


class PageConnection:
    """One open page: the person who uses it, and the queue of events for it."""

    def __init__(self, server: TelegramServer) -> None:
        self._server = server
        self._user: User | None = None
        self._outgoing: asyncio.Queue[str] = asyncio.Queue()

    async def send_to(self, socket: web.WebSocketResponse) -> None:
        while True:
            await socket.send_str(await self._outgoing.get())

    def notify(self, chat_id: int, event: Json) -> None:
        if not self._user:
            return
        if chat_id == self._user.id:
            self._tell(event)
        elif event["type"] in ("commands", "menu_button", "profile"):
            self._tell({"type": "bot", "bot": snapshot(self._server, self._user.person)["bot"]})

    def receive(self, text: str) -> None:
        """Executes the page's request. An error goes back to the page."""
        try:
            request = json.loads(text)
            if request["type"] == "enter":
                self._enter(request["person"])
            elif self._user:
                self._act(self._user, request)
        except (ValueError, KeyError, TypeError) as problem:
            self._tell({"type": "error", "message": str(problem)})

    def _tell(self, event: Json) -> None:
        # Serialised now, because the message may change before it is sent.
        self._outgoing.put_nowait(json.dumps(event))

    def _enter(self, wanted: Json) -> None:
        """Enters the chat as a known person, named by the id, or as a new one."""
        people = self._server.state.people
        for person in DEFAULT_PEOPLE:
            if person.id not in people:
                self._server.add_person(Person(**vars(person)))
        known = vars(people.get(wanted["id"], Person(0, "Guest", language_code="en", started=False)))
        names = ("id", "first_name", "last_name", "username", "language_code")
        entering = Person(**known | {name: wanted[name] or None for name in names if name in wanted})
        entering.first_name = entering.first_name or "Guest"
        self._user = User(self._server, self._server.add_person(entering))
        self._tell(snapshot(self._server, self._user.person))

    def _act(self, user: User, request: Json) -> None:
        match request["type"]:
            case "send_text" | "sample" | "album" | "forward" | "share_live_location":
                _send(user, request)
            case "edit":
                user.edit(request["message_id"], request["text"])
            case "move_live_location":
                user.move_live_location(request["message_id"], request["latitude"], request["longitude"])
            case "press":
                query_id = user.press(request["message_id"], (request["row"], request["column"]))
                self._tell(request | {"type": "pressed", "query_id": query_id})
            case "stop":
                user.stop_generation()
            case "block":
                user.block()
            case "unblock":
                user.unblock()
            case "forbid_voice":
                user.forbid_voice(forbidden=request["forbidden"])
            case "open_app":
                init_data = user.init_data(request.get("start_param"))
                self._tell({"type": "app", "url": request["url"], "init_data": init_data})
            case other:
                raise ValueError(f"The page asked for {other!r}")


def _send(user: User, request: Json) -> None:
    match request["type"]:
        case "send_text":
            user.send_long_text(request["text"], reply_to=request.get("reply_to"), quote=request.get("quote"))
        case "sample":
            user.send_sample(request["kind"], caption=request.get("caption"))
        case "album":
            user.send_album([request.get("caption"), None])
        case "forward":
            user.forward(request["message_id"])
        case _:
            user.share_live_location()
