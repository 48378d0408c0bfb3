"""The requests and events of one open chat page, over its WebSocket."""

import asyncio
import json

from aiohttp import web

from local.simulator.chat_view import snapshot
from local.simulator.refusal import Json
from local.simulator.state import Person
from local.simulator.telegram_server import TelegramServer
from local.simulator.user import User

DEFAULT_PEOPLE = (
    Person(1001, "Anna", "Smith", "anna_smith", "en", started=False),
    Person(1002, "Иван", "Петров", None, "ru", started=False),
)


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
