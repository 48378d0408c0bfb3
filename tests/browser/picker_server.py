"""The picker's origin as a test scripts it: the real static_site under the deployed policy, and an API that obeys."""

import asyncio
from collections import defaultdict, deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import web

from local.site import add_site

SITE = Path(__file__).parents[2] / "static_site"
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'self' https://web.telegram.org https://*.telegram.org"
)
AVATAR = (
    '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" fill="{colour}"/>'
    '<circle cx="32" cy="26" r="12" fill="#fff"/><path d="M10 64c0-30 44-30 44 0Z" fill="#fff"/></svg>'
)
# Plays Telegram Web: the picker in a frame, every message of it kept in `window.received`.
CLIENT_PAGE = """<!doctype html><title>client</title>
<style>html, body, iframe { margin: 0; width: 100%; height: 100%; border: 0; display: block }</style>
<iframe title="picker"></iframe>
<script>
window.received = [];
const frame = document.querySelector("iframe");
addEventListener("message", (message) => {
  if (message.source === frame.contentWindow) received.push(JSON.parse(message.data));
});
frame.src = "/" + location.hash;
</script>"""

Json = dict[str, Any]


def character(character_id: str, name: str, tagline: str, *tags: str) -> Json:
    avatar = f"avatars/{character_id}.svg"
    return {"id": character_id, "name": name, "tagline": tagline, "avatar_url": avatar, "tags": list(tags)}


CAST = {
    "en": [
        character(
            "mario", "Mario", "A cheerful plumber who never met a pipe he would not jump into.", "games", "cheer"
        ),
        character("einstein", "Albert Einstein", "Thinks in trains and elevators, laughs easily.", "science"),
        character("ada", "Ada Lovelace", "Wrote the first program, dreams of the second.", "science", "poetry"),
    ],
    "ru": [
        character("mario", "Марио", "Весёлый водопроводчик: ни одной трубы мимо.", "игры", "веселье"),
        character("einstein", "Альберт Эйнштейн", "Мыслит поездами и лифтами, легко смеётся.", "наука"),
        character("ada", "Ада Лавлейс", "Написала первую программу, мечтает о второй.", "наука", "поэзия"),
    ],
}


@dataclass(frozen=True)
class Answer:
    status: int = 200
    body: Json = field(default_factory=dict)
    after: asyncio.Event | None = None
    """Held back until this is set."""


@dataclass
class PickerServer:
    url: str = ""
    cast: dict[str, list[Json]] = field(default_factory=lambda: dict(CAST))
    current: str | None = None
    recent: list[Json] = field(default_factory=list)
    yours: list[Json] = field(default_factory=list)
    forms: dict[str, Json] = field(default_factory=dict)
    """By character of the person's own: the filled form."""
    pages: dict[str, Json] = field(default_factory=dict)
    """By character: what its page tells beside the list, where that is not the usual."""
    memories: dict[str, Json] = field(default_factory=dict)
    """By route: what is remembered, found, and the reasons of an answer."""
    missing_avatars: set[str] = field(default_factory=set)
    scripted: defaultdict[str, deque[Answer]] = field(default_factory=lambda: defaultdict(deque))
    """By path: answers to give, in turn, before the usual one."""
    posted: list[tuple[str, Json]] = field(default_factory=list)
    languages: list[str] = field(default_factory=list)
    """The language of each request for the cast."""

    def script(self, path: str, *answers: Answer) -> None:
        self.scripted[path].extend(answers)

    def sent(self, name: str) -> list[Json]:
        """The bodies of the requests to this route, without what every request carries."""
        every = {"init_data", "language"}
        return [
            {key: value for key, value in body.items() if key not in every}
            for path, body in self.posted
            if path == f"/api/{name}"
        ]

    def selections(self) -> list[Json]:
        return [body for path, body in self.posted if path == "/api/select"]

    async def characters(self, request: web.Request) -> web.Response:
        language = request.query["lang"]
        self.languages.append(language)
        return await self._answer(request, {"characters": self.cast[language]})

    async def me(self, request: web.Request) -> web.Response:
        self.posted.append((request.path, await request.json()))
        own = {"recent": self.recent, "yours": self.yours, "may_make": True}
        return await self._answer(request, {"character_id": self.current, "language": "en", **own})

    async def character(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.posted.append((request.path, asked))
        page = {"greetings": ["Hello, {{user}}! I am {{char}}."], "notes": "", "creator": ""}
        cast = [*self.cast[asked["language"]], *self.yours]
        known = [each for each in cast if each["id"] == asked["character_id"]]
        return await self._answer(request, {**known[0], **page, **self.pages.get(asked["character_id"], {})})

    async def form(self, request: web.Request) -> web.Response:
        asked = await request.json()
        self.posted.append((request.path, asked))
        known = asked.get("character_id")
        return await self._answer(request, {"form": self.forms[known], "avatar_url": None} if known else {})

    async def own(self, request: web.Request) -> web.Response:
        """Saving, sharing, exporting, deleting, and suggestions: each has an answer without content."""
        self.posted.append((request.path, await request.json()))
        return await self._answer(request, {})

    async def memory(self, request: web.Request) -> web.Response:
        self.posted.append((request.path, await request.json()))
        return await self._answer(request, self.memories.get(request.path.removeprefix("/api/"), {}))

    async def select(self, request: web.Request) -> web.Response:
        self.posted.append((request.path, await request.json()))
        return await self._answer(request, {})

    async def _answer(self, request: web.Request, usual: Json) -> web.Response:
        waiting = self.scripted[request.path]
        answer = waiting.popleft() if waiting else Answer(body=usual)
        if answer.after:
            await answer.after.wait()
        return web.json_response(answer.body or usual, status=answer.status)

    async def avatar(self, request: web.Request) -> web.Response:
        character_id = request.match_info["character_id"]
        if character_id in self.missing_avatars:
            raise web.HTTPNotFound
        colour = ("#d9534f", "#3f7fbf", "#8e6bbf")[len(character_id) % 3]
        return web.Response(text=AVATAR.format(colour=colour), content_type="image/svg+xml")


async def _client_page(_: web.Request) -> web.Response:
    return web.Response(text=CLIENT_PAGE, content_type="text/html")


async def _add_policy(request: web.Request, response: web.StreamResponse) -> None:
    if request.path != "/client":
        response.headers["Content-Security-Policy"] = POLICY


@asynccontextmanager
async def picker_server() -> AsyncIterator[PickerServer]:
    server = PickerServer()
    app = web.Application()
    app.on_response_prepare.append(_add_policy)
    app.router.add_get("/client", _client_page)
    app.router.add_get("/api/characters", server.characters)
    app.router.add_post("/api/me", server.me)
    app.router.add_post("/api/character", server.character)
    app.router.add_post("/api/form", server.form)
    for name in ("save", "share", "export", "delete", "suggest", "suggestion"):
        app.router.add_post(f"/api/{name}", server.own)
    for name in ("memory/show", "memory/search", "memory/why", "memory/pin", "memory/forget", "memory/forget_all"):
        app.router.add_post(f"/api/{name}", server.memory)
    app.router.add_post("/api/select", server.select)
    app.router.add_get("/avatars/{character_id}.svg", server.avatar)
    add_site(app, SITE)
    runner = web.AppRunner(app, handler_cancellation=True)
    await runner.setup()
    try:
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        host, port = runner.addresses[0][:2]
        server.url = f"http://{host}:{port}"
        yield server
    finally:
        await runner.cleanup()
