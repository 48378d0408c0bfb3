"""A server for Lambda's GetAccountSettings with a quota that the test chooses; the emulator's quota is fixed."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import TypeVar

import pytest
from aiohttp import web

from deploy.account import client
from local.emulator import REGION

Answer = TypeVar("Answer")


@dataclass
class LambdaApi:
    quota: int = 1000

    @classmethod
    @asynccontextmanager
    async def serving(cls, monkeypatch: pytest.MonkeyPatch) -> AsyncIterator["LambdaApi"]:
        """This process's Lambda client calls the server; clients of other services have no server."""
        api = cls()
        app = web.Application()
        app.router.add_get("/2016-08-19/account-settings", api.settings)
        app.router.add_get("/2016-08-19/account-settings/", api.settings)
        runner = web.AppRunner(app, shutdown_timeout=0.1)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", 0).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL_LAMBDA", f"http://127.0.0.1:{runner.addresses[0][1]}")
        for name, value in {"ACCESS_KEY_ID": "test", "SECRET_ACCESS_KEY": "test", "DEFAULT_REGION": REGION}.items():
            monkeypatch.setenv(f"AWS_{name}", value)
        client.cache_clear()
        yield api
        client.cache_clear()
        await runner.cleanup()

    async def settings(self, _: web.Request) -> web.Response:
        return web.json_response({"AccountLimit": {"ConcurrentExecutions": self.quota}, "AccountUsage": {}})

    async def asked(self, question: Callable[[], Answer]) -> Answer:
        """Asks in a thread, because the event loop has to serve meanwhile."""
        return await asyncio.to_thread(question)
