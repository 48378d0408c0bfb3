"""Guests who write, wait for answers and press Retry, and whose updates arrive more than once."""

import asyncio
import random
import re
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import aiohttp

from local.chaos.world import World
from local.llm.prompt import Prompt
from local.simulator.refusal import Json
from local.simulator.user import User
from troupe.telegram.texts import ENGLISH

NUMBER = re.compile(r"\[(\d+)\]")
CHARACTERS = ("mario", "nemo", "ada", "sherlock")
MAX_BURST = 3
# First words of the instructions for summaries and facts. These requests follow an answer, and count as no message.
OF_MEMORY = ("You keep the memory", "You note facts")
# The probability that an update is repeated: at once, three times side by side, as a second job past the queue's
# deduplication, or after the answer.
REPEATS = {"at once": 0.05, "side by side": 0.05, "as a second job": 0.05, "late": 0.05}


class Echo:
    """The model's answer: the numbers of the messages it answers. Counts the requests for an answer to each number."""

    def __init__(self) -> None:
        self.asked: Counter[int] = Counter()

    def __call__(self, prompt: Prompt) -> str:
        # Several messages in a row may get one answer.
        fresh = []
        for message in reversed(prompt.messages):
            if message.role != "user":
                break
            fresh.append(message.text)
        numbers = [number for text in reversed(fresh) for number in NUMBER.findall(text)]
        # The last number is the turn's own message. The others are joined messages, answered with it.
        if not prompt.instructions.startswith(OF_MEMORY):
            self.asked.update(map(int, numbers[-1:]))
        return "I hear you. " + " ".join(f"[{number}]" for number in numbers)


@dataclass
class Guest:
    """One person of the chaos run. Message numbers are unique across all guests, and answers repeat them."""

    world: World
    user: User
    session: aiohttp.ClientSession
    dice: random.Random
    updates: dict[int, Json] = field(default_factory=dict)
    retried: set[int] = field(default_factory=set)
    _pressed: set[int] = field(default_factory=set)

    async def arrive(self) -> None:
        self.world.faults.know(self.user.id)
        self.user.send_text(f"/start {self.dice.choice(CHARACTERS)}")
        await self.world.simulator.wait_for(self._is_greeted, self.world.stretched(60))

    async def talk(self, numbers: list[int], patience_s: float) -> None:
        """Writes the messages in bursts. Before each burst, waits until the one before is answered, or `patience_s`."""
        while numbers:
            size = self.dice.randint(1, MAX_BURST)
            burst, numbers = numbers[:size], numbers[size:]
            for number in burst:
                await self._write(number)
                await asyncio.sleep(self.dice.uniform(0, 0.2))
            await self._wait_for(burst, patience_s)
            if self.dice.random() < REPEATS["late"]:
                self._repeat(self.dice.choice(list(self.updates)))

    async def finish(self, patience_s: float) -> None:
        await self._wait_for(list(self.updates), patience_s)

    def answers(self) -> list[list[int]]:
        """The numbers in each of the bot's messages that has any, in the order of the chat."""
        found = ([int(number) for number in NUMBER.findall(message["text"])] for message in self._heard())
        return [numbers for numbers in found if numbers]

    def apologies(self) -> int:
        return sum(message["text"] == ENGLISH.apology for message in self._heard())

    async def _write(self, number: int) -> None:
        update_id = self.world.simulator.server.state.next_update_id
        message = self.user.send_text(f"Message [{number}]")
        self.updates[number] = {"update_id": update_id, "message": message}
        draw = self.dice.random()
        if draw < REPEATS["at once"]:
            self._repeat(number)
        elif draw < REPEATS["at once"] + REPEATS["side by side"]:
            await self._taken()
            await asyncio.gather(*(self._post(self.updates[number]) for _ in range(3)))
        elif draw < REPEATS["at once"] + REPEATS["side by side"] + REPEATS["as a second job"]:
            await self._taken()
            job = self.user.id, message["message_id"], f"again:{number}"
            await asyncio.to_thread(self.world.queue, *job)

    async def _taken(self) -> None:
        """Waits until the bot has taken all of this person's updates: Telegram delivers a chat's updates in order."""
        server = self.world.simulator.server

        def waiting() -> bool:
            chats = (each.update.get("message", {}).get("chat", {}).get("id") for each in server.state.pending)
            return self.user.id in chats

        await self.world.simulator.wait_for(lambda: not waiting(), self.world.stretched(300))

    def _repeat(self, number: int) -> None:
        self.world.simulator.inject(self.updates[number])

    async def _post(self, update: Json) -> None:
        """Posts the update to the webhook past the delivery queue, so that several copies can be in flight at once."""
        headers = {"X-Telegram-Bot-Api-Secret-Token": self.world.secret}
        async with self.session.post(f"{self.world.url}/telegram/webhook", json=update, headers=headers) as response:
            await response.read()

    async def _wait_for(self, numbers: list[int], patience_s: float) -> None:
        deadline = time.monotonic() + patience_s
        while time.monotonic() < deadline:
            self._press_retry()
            answered = {number for answer in self.answers() for number in answer}
            if answered.issuperset(numbers):
                return
            await asyncio.sleep(0.2)

    def _press_retry(self) -> None:
        for message in self._heard():
            if message["text"] == ENGLISH.apology and message["message_id"] not in self._pressed:
                self._pressed.add(message["message_id"])
                data = message["reply_markup"]["inline_keyboard"][0][0]["callback_data"]
                about = int(data.split(":")[1])
                self.retried |= {n for n, update in self.updates.items() if update["message"]["message_id"] == about}
                self.user.press(message["message_id"], ENGLISH.retry)

    def _is_greeted(self) -> bool:
        """The notice of the AI comes before the greeting, in a message of its own."""
        return any(message["text"] != ENGLISH.ai_notice for message in self._heard())

    def _heard(self) -> list[Any]:
        """The bot's messages. Not copied, because this is called often."""
        chat = self.world.simulator.server.state.chats[self.user.id]
        return [message for message in chat.messages if message["from"]["is_bot"]]
