"""A person in a chat of the product that runs in another process."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import aiohttp

# A small model on one thread reads a new prompt at some hundred tokens a second.
PATIENCE_S = 240

Json = dict[str, Any]


@dataclass
class Person:
    http: aiohttp.ClientSession
    id: int
    url: str = ""

    async def arrives(self, url: str) -> None:
        self.url = url
        await self._post(f"/simulator/users/{self.id}", {"first_name": "Anna", "language_code": "en"})

    async def chooses(self, character_id: str) -> str:
        """The greeting, which comes after the notice of the AI: this is their first."""
        count = len(await self.received())
        async with self.http.get(f"{self.url}/simulator/users/{self.id}/init_data") as response:
            signed = (await response.json())["init_data"]
        await self._post("/api/select", {"init_data": signed, "character_id": character_id})
        return await self.hears(count + 2)

    async def writes(self, text: str) -> None:
        await self._post(f"/simulator/users/{self.id}/messages", {"text": text})

    async def says(self, text: str) -> str:
        count = len(await self.received())
        await self.writes(text)
        return await self.hears(count + 1)

    async def presses(self, button: str) -> str:
        """Presses the button on the newest message. Returns the bot's next message."""
        received = await self.received()
        await self._post(
            f"/simulator/users/{self.id}/presses", {"message_id": received[-1]["message_id"], "button": button}
        )
        return await self.hears(len(received) + 1)

    async def received(self) -> list[Json]:
        async with self.http.get(f"{self.url}/simulator/chats/{self.id}/messages") as response:
            messages = (await response.json()).get("messages", [])
        return [message for message in messages if message["from"]["is_bot"]]

    async def hears(self, count: int) -> str:
        """The text of the bot's message with this number, once it is there."""
        received = await self.waits_until(lambda received: len(received) >= count)
        return str(received[count - 1]["text"])

    async def waits_until(self, true_of: Callable[[list[Json]], bool]) -> list[Json]:
        """Polls the bot's messages: the chat is in another process."""
        deadline = time.monotonic() + PATIENCE_S
        while time.monotonic() < deadline:
            received = await self.received()
            if true_of(received):
                return received
            await asyncio.sleep(0.1)
        raise TimeoutError(f"waited {PATIENCE_S} s in vain")

    async def _post(self, path: str, body: Json) -> None:
        async with self.http.post(f"{self.url}{path}", json=body) as response:
            assert response.status == 200, await response.text()
