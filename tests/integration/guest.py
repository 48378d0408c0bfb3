"""A person who uses the product through the simulated Telegram."""

import asyncio
import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, TypeVar

import aiohttp

from local.simulator import User
from local.stack import Stack
from troupe.clock import now_ms
from troupe.conversations.conversation import Conversation
from troupe.conversations.jobs.answering import AnswerJob, GreetJob
from troupe.conversations.turn import Turn
from troupe.telegram.texts import ENGLISH, RUSSIAN

# Answers come within milliseconds; this is for a machine that has its hands full.
PATIENCE_S = 120

AI_NOTICES = {ENGLISH.ai_notice, RUSSIAN.ai_notice}

Json = dict[str, Any]
Found = TypeVar("Found")


@dataclass
class Guest:
    """A person with their own chat, who reads what the bot has sent them."""

    user: User
    stack: Stack
    http: aiohttp.ClientSession

    @property
    def id(self) -> int:
        return self.user.id

    def write(self, text: str) -> Json:
        return self.user.send_text(text)

    def unsent(self, text: str) -> Json:
        """A message of theirs that Telegram knows nothing of."""
        person = self.user.person
        return {
            "message_id": int(time.time_ns() % 10**9), "date": int(time.time()), "from": person.as_user(),
            "chat": person.as_chat(), "text": text,
        }  # fmt: skip

    async def delivers(self, message: Json, update_id: int) -> Json | None:
        """Posts an update as Telegram does. Returns the method in the answer, if there is one."""
        return await self.posts({"update_id": update_id, "message": message})

    async def posts(self, update: Json) -> Json | None:
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.stack.secret}
        async with self.http.post(f"{self.stack.url}/telegram/webhook", json=update, headers=headers) as response:
            assert response.status == 200
            text = await response.text()
            return json.loads(text) if text else None

    def received(self) -> list[Json]:
        """Without the notice of the AI, which comes before everybody's first greeting: test_first_contact.py has it."""
        return [message for message in self.heard() if message.get("text") not in AI_NOTICES]

    def heard(self) -> list[Json]:
        return [message for message in self.stack.simulator.messages(self.id) if message["from"]["is_bot"]]

    def texts(self) -> list[str]:
        return [str(message.get("text") or message.get("caption")) for message in self.received()]

    def files(self) -> dict[str, bytes]:
        """The files that the bot has sent, by name."""
        kept = self.stack.simulator.server.state.files
        sent = [kept[message["document"]["file_id"]] for message in self.received() if "document" in message]
        return {file["file_name"]: bytes.fromhex(file["hex"]) for file in sent}

    async def hears(self, count: int) -> str:
        """Waits until the bot has sent this many messages; the text of the last of them."""
        await self.stack.simulator.wait_for(lambda: len(self.received()) >= count, timeout=PATIENCE_S)
        return self.texts()[count - 1]

    async def sees(self, count: int) -> Json:
        """Waits until the bot has sent this many messages; the last of them."""
        await self.stack.simulator.wait_for(lambda: len(self.received()) >= count, timeout=PATIENCE_S)
        return self.received()[count - 1]

    async def brings(self, data: bytes, name: str = "card.png", **how: Any) -> Json:
        """Attaches a file, and waits for the next message of the bot."""
        count = len(self.received())
        self.user.send_file(data, name, **how)
        return await self.sees(count + 1)

    async def presses(self, message: Json, button: str) -> Json:
        """Presses a button, and waits for the next message of the bot."""
        count = len(self.received())
        self.user.press(message["message_id"], button)
        return await self.sees(count + 1)

    async def says(self, text: str) -> str:
        """Writes, and waits for the next message of the bot."""
        count = len(self.received())
        self.write(text)
        return await self.hears(count + 1)

    async def talks_long(self, turns: int = 9, character_id: str = "albert") -> Conversation:
        """Until the beginning of the conversation has left the prompt, and can be found again."""
        for number in range(turns):
            self.stack.model.script(text=f"Answer {number}. " + "tick tock " * 120, matching=f"Question {number}?")
            await self.says(f"Question {number}? " + "la la la " * 60)
        name = f"{self.id}:0:{character_id}:0"

        def indexed() -> Conversation | None:
            row = Conversation.of(self.id, name)
            return row if row.index and row.summary else None

        return await eventually(indexed)

    async def api(self, path: str, **body: Any) -> tuple[int, Json]:
        async with self.http.post(f"{self.stack.url}/api/{path}", json=body) as response:
            return response.status, await response.json()

    async def chooses(self, character_id: str) -> str:
        """In the Mini App; the greeting."""
        count = len(self.received())
        status, answer = await self.api("select", init_data=self.user.init_data(), character_id=character_id)
        assert (status, answer) == (200, {})
        return await self.hears(count + 1)

    def job(self, message: Json) -> AnswerJob:
        return AnswerJob(person_id=self.id, chat_id=self.id, message_id=message["message_id"])

    def greet_job(self, character_id: str) -> GreetJob:
        return GreetJob(
            person_id=self.id, chat_id=self.id, character_id=character_id, language="en", correlation_id=f"{self.id}"
        )

    async def toast(self, query: str) -> Json:
        """The answer to a press of a button, once there is one."""

        def answer() -> Json | None:
            calls = [call.params for call in self.stack.simulator.calls if call.method == "answerCallbackQuery"]
            return next((params for params in calls if params["callback_query_id"] == query), None)

        return await self.stack.simulator.wait_for(answer, timeout=PATIENCE_S)

    async def turn(self, message: Json, status: str) -> Turn:
        """The turn of a message, once it has come to this state."""

        def reached() -> Turn | None:
            turn = Turn.find(self.id, message["message_id"])
            return turn if turn and turn.status == status else None

        return await eventually(reached)


async def eventually(look: Callable[[], Found | None]) -> Found:
    """Polls until the value is there: a table sends no notice of changes."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        found = await asyncio.to_thread(look)
        if found is not None:
            return found
    raise TimeoutError(f"waited {PATIENCE_S} s in vain")


async def later() -> None:
    """Waits for the next millisecond: later changes then have a later time in the tables."""
    at = now_ms()
    await eventually(lambda: True if now_ms() > at else None)
