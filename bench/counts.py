"""Counts everything that is paid for while the real functions work through turns."""

import asyncio
from collections import Counter
from dataclasses import dataclass, field

from bench.backstage import Backstage
from bench.packages import Packages
from bench.turns import Troupe
from bench.workers import Invocation

MODEL_S = 2.0
# An event source mapping's own: it receives a batch and deletes it.
MAPPING_REQUESTS = 2

# Some hundred bytes from the person, some hundred words in all from the character: as people write to each other.
SAID = (
    "Good morning! I could hardly sleep, there is so much going round in my head. How was your night?",
    "My sister Olga moves to Lisbon in March, and I promised to help her. Have you ever been by the sea?",
    "Honestly I'm a little jealous of her. I have lived in the same street for eleven years now.",
    "What would you do in my place: stay with what you know, or go where nobody knows you?",
    "That's a good answer. Let me think about it over dinner, there is soup from yesterday.",
)
ANSWERED = (
    (
        "*looks up from a page full of numbers* Ah, there you are. I was awake too, with a table that would not come "
        "out even, and I enjoyed it. A head that goes round is only a machine without a brake. Tell me the one thing "
        "in there that you would keep if you had to throw out all the rest, and we shall begin with that one."
    ),
    (
        "By the sea, yes, and I counted the waves until my governess grew tired of me. Every seventh is supposed to be "
        "the largest, which is nonsense, but a pleasant kind of it. Your sister will find her own way of counting. "
        "And you: would you miss her, or the person you are when she is near?"
    ),
)


@dataclass
class Counts:
    """The counts of `turns` turns."""

    turns: int = 0
    units_written: float = 0
    units_read: float = 0
    fifo_requests: int = 0
    invocations: Counter[str] = field(default_factory=Counter)
    log_bytes: int = 0
    aws_calls: Counter[str] = field(default_factory=Counter)
    sent: Counter[str] = field(default_factory=Counter)
    webhook_answer_bytes: int = 0

    def add(self, function: str, did: Invocation) -> None:
        self.invocations[function] += 1
        self.log_bytes += did.log_bytes
        for service, operation, _, _, _, units in did.calls:
            self.aws_calls[f"{function} {operation}"] += 1
            if service == "sqs":
                self.fifo_requests += 1
            elif operation in {"PutItem", "UpdateItem"}:
                self.units_written += units
            else:
                self.units_read += units


def said(number: int) -> str:
    return SAID[number % len(SAID)]


def answered(number: int) -> str:
    return ANSWERED[number % len(ANSWERED)]


async def count(packages: Packages, backstage: Backstage, *, chats: int, turns: int, model_s: float) -> Counts:
    """Works through turns of several chats, a batch with one message of each chat at a time."""
    counts = Counts(turns=chats * turns)
    async with Troupe.playing(packages, backstage, watching="count") as troupe:
        people = [troupe.person() for _ in range(chats)]
        backstage.sent.clear()
        for number in range(turns):
            text = answered(number)
            pace = model_s / len(text.split())
            for _ in people:
                backstage.model.script(text=text, delta_delay=pace, matching=said(number))
            for person in people:
                received = await troupe.receive(person, said(number))
                counts.webhook_answer_bytes += len(received.answer.get("body", ""))
                counts.add("webhook", received)
            for answering in (await troupe.answer(chats), *await troupe.remember()):
                counts.add("llm_reply", answering)
                counts.fifo_requests += MAPPING_REQUESTS
        # The drafts that are under way when an answer is complete.
        await asyncio.sleep(0.1)
    backstage.model.clear_script()
    counts.sent = backstage.sent.copy()
    return counts
