"""A double of Amplitude's User Privacy API: https://amplitude.com/docs/apis/analytics/user-privacy"""

from collections.abc import Callable, Iterable
from typing import Any

from aiohttp import BasicAuth, web

PATH = "/amplitude/api/2/deletions/users"
MAX_USERS = 100


class Deletions:
    """Deletes events at once; Amplitude takes up to 30 days. `asked` are the user ids of all requests."""

    def __init__(self, forget: Callable[[Iterable[str]], None]) -> None:
        self.asked: list[str] = []
        # The statuses of the next answers, for tests.
        self.refusals: list[int] = []
        self._forget = forget

    def add_routes(self, app: web.Application) -> None:
        app.router.add_post(PATH, self._delete)

    async def _delete(self, request: web.Request) -> web.Response:
        if self.refusals:
            return web.Response(status=self.refusals.pop(0))
        try:
            given = BasicAuth.decode(request.headers.get("Authorization", ""))
        except ValueError:
            given = BasicAuth("")
        if not given.login or not given.password:
            return web.Response(status=401, text="Unauthorized")
        body: Any = await request.json()
        users = body.get("user_ids") if isinstance(body, dict) else None
        if not isinstance(users, list) or not 1 <= len(users) <= MAX_USERS:
            return web.json_response({"error": "invalid_request", "message": "user_ids"}, status=400)
        self.asked += users
        self._forget(users)
        return web.json_response([{"day": "2026-01-01", "status": "staging", "amplitude_ids": []}])
