"""The control API, for a test in another process: `/simulator/...`, JSON in and out.

GET, DELETE  /simulator/calls[?method=&chat_id=]     {"calls": [{"method", "params", "result", "at", ...}]}
POST, DELETE /simulator/faults                       the fields of Fault
POST         /simulator/updates                      an Update, delivered as it is
POST         /simulator/groups                       {"chat_id", "title"}
POST         /simulator/users/{id}                   {"first_name", "last_name", "username", "language_code"}
POST         /simulator/users/{id}/messages          {"kind", "caption"}, or the parameters of User.send_text
POST         /simulator/users/{id}/files             {"name", "base64", "as_photo", "caption"}
POST         /simulator/users/{id}/edits             {"message_id", "text"}
POST         /simulator/users/{id}/presses           {"message_id", "button": text or [row, column]}
POST         /simulator/users/{id}/block, /unblock, /stop, /forbid_voice, /allow_voice  {}
GET          /simulator/users/{id}/init_data[?start_param=&auth_date=]
GET          /simulator/chats/{id}/messages          {"messages": [...], "draft": null or {...}}

An error is 400 or 404 with {"error": reason}.
"""

import base64
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from typing import Any

from aiohttp import web

from local.simulator.bot_api import BotApi
from local.simulator.faults import Fault
from local.simulator.refusal import Json
from local.simulator.state import Chat, Person
from local.simulator.user import User

Answer = Callable[[web.Request], Awaitable[Json]]


class ControlRoutes:
    def __init__(self, bot_api: BotApi) -> None:
        self._bot_api = bot_api
        self._server = bot_api.server

    def add_to(self, app: web.Application) -> None:
        routes: list[tuple[str, str, Answer]] = [
            ("GET", "calls", self._calls),
            ("DELETE", "calls", self._forget_calls),
            ("POST", "faults", self._add_fault),
            ("DELETE", "faults", self._clear_faults),
            ("POST", "updates", self._inject),
            ("POST", "groups", self._add_group),
            ("POST", r"users/{id:\d+}", self._add_user),
            (
                "POST",
                r"users/{id:\d+}/{action:messages|files|edits|presses|block|unblock|stop|forbid_voice|allow_voice}",
                self._act,
            ),
            ("GET", r"users/{id:\d+}/init_data", self._init_data),
            ("GET", r"chats/{id:-?\d+}/messages", self._messages),
        ]
        for method, path, answer in routes:
            app.router.add_route(method, f"/simulator/{path}", _as_json(answer))

    async def _calls(self, request: web.Request) -> Json:
        method, chat_id = request.query.get("method"), request.query.get("chat_id")
        calls = [
            asdict(call)
            for call in self._bot_api.calls
            if (not method or call.method == method) and (not chat_id or str(call.chat_id) == chat_id)
        ]
        return {"calls": calls}

    async def _forget_calls(self, _request: web.Request) -> Json:
        self._bot_api.calls.clear()
        return {}

    async def _add_fault(self, request: web.Request) -> Json:
        self._bot_api.faults.add(Fault(**await _body(request)))
        return {}

    async def _clear_faults(self, _request: web.Request) -> Json:
        self._bot_api.faults.clear()
        return {}

    async def _inject(self, request: web.Request) -> Json:
        self._server.inject(await _body(request))
        return {}

    async def _add_group(self, request: web.Request) -> Json:
        body = await _body(request)
        self._server.state.chats.setdefault(body["chat_id"], Chat(body["chat_id"], body["title"]))
        return {}

    async def _add_user(self, request: web.Request) -> Json:
        body: Json = {"first_name": "Anna", "language_code": "en"} | await _body(request)
        person = Person(**body | {"id": int(request.match_info["id"])})
        return asdict(self._server.add_person(person))

    async def _act(self, request: web.Request) -> Json:
        user, body = self._user(request), await _body(request)
        match request.match_info["action"]:
            case "messages" if "kind" in body:
                return user.send_sample(**body)
            case "messages":
                return user.send_text(**body)
            case "files":
                return user.send_file(base64.b64decode(body.pop("base64")), body.pop("name"), **body)
            case "edits":
                return user.edit(**body)
            case "presses":
                button = body["button"]
                wanted = button if isinstance(button, str) else (button[0], button[1])
                return {"query_id": user.press(body["message_id"], wanted)}
            case "stop":
                user.stop_generation()
            case "forbid_voice":
                user.forbid_voice()
            case "allow_voice":
                user.forbid_voice(forbidden=False)
            case "block":
                user.block()
            case _:
                user.unblock()
        return {}

    async def _init_data(self, request: web.Request) -> Json:
        auth_date = request.query.get("auth_date")
        signed = self._user(request).init_data(
            request.query.get("start_param"), float(auth_date) if auth_date else None
        )
        return {"init_data": signed}

    async def _messages(self, request: web.Request) -> Json:
        chat = self._server.state.chats.get(int(request.match_info["id"]))
        if not chat:
            raise web.HTTPNotFound(text='{"error": "no such chat"}', content_type="application/json")
        draft, _ = self._server.drafts.get(chat.id, (None, 0.0))
        return {"messages": chat.messages, "draft": draft}

    def _user(self, request: web.Request) -> User:
        person = self._server.state.people.get(int(request.match_info["id"]))
        if not person:
            raise web.HTTPNotFound(text='{"error": "no such user"}', content_type="application/json")
        return User(self._server, person)


async def _body(request: web.Request) -> Any:
    # A page of another origin needs a CORS preflight to send this type, and gets no answer to one.
    if request.content_type != "application/json":
        raise ValueError("Content-Type must be application/json")
    body = await request.json()
    if not isinstance(body, dict):
        raise TypeError("The body must be a JSON object")
    return body


def _as_json(answer: Answer) -> Callable[[web.Request], Awaitable[web.Response]]:
    async def respond(request: web.Request) -> web.Response:
        try:
            return web.json_response(await answer(request))
        except (ValueError, TypeError, KeyError) as problem:
            return web.json_response({"error": str(problem)}, status=400)

    return respond
