"""The cost of recall: milliseconds before the model is asked, DynamoDB's read units, and the sizes of items."""

import math
import os
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from statistics import mean, median, quantiles
from typing import Any

from artefacts.package import ROOT
from bench.cost import Prices
from bench.recall import own_set
from bench.recall.dialogue import Dialogue
from local.aws import Aws
from local.emulator import Emulator
from local.resources import create_resources
from local.template import read_template
from troupe.aws import client
from troupe.conversations.conversation import Conversation, conversation_id

LENGTHS = (1000, 20_000)
# DynamoDB bills an eventually consistent read by half units of 4 kB.
UNIT = 4096
# Times that each question is asked, and the number of the conversation's own messages that an average turn is taken of.
ROUNDS, MESSAGES = 3, 120


@dataclass(frozen=True)
class Waits:
    """Milliseconds: `cpu` of this process, `wall` with the emulator, which is slower than DynamoDB. Per message."""

    turns: int
    asked: str
    wall: list[float]
    cpu: list[float]
    items: float
    units: float
    largest_item: int
    dollars: float

    @property
    def row(self) -> list[str]:
        return [
            f"{self.turns:,}", self.asked, f"{median(self.wall):.0f}", f"{quantiles(self.wall, n=20)[-1]:.0f}",
            f"{median(self.cpu):.1f}", f"{self.items:.0f}", f"{self.units:.1f}", f"{self.dollars * 1e6:.1f}",
            f"{self.largest_item / 1000:.1f}",
        ]  # fmt: skip


HEAD = [
    "turns", "for", "wait, ms", "p95",
    "CPU, ms", "items read", "read units", "$ per million messages", "largest item, kB",
]  # fmt: skip


def measure() -> list[Waits]:
    with _tables():
        return [waits for turns in LENGTHS for waits in _measure(turns)]


@contextmanager
def _tables() -> Iterator[None]:
    with tempfile.TemporaryDirectory() as folder, Emulator.start(Path(folder) / "emulator.log") as emulator:
        aws = Aws.at(emulator.endpoint_url)
        names = create_resources(read_template(ROOT / "template.yaml"), aws)
        os.environ.update(aws.settings())
        for table in ("Turns", "Conversations", "Memories"):
            os.environ[f"{table.upper()}_TABLE"] = names[f"{table}Table"]
        yield


def _measure(turns: int) -> list[Waits]:
    # Their tables are named by the environment, which is set by now.
    from bench.recall.stored import store  # noqa: PLC0415 - see above

    # The person's id: a chat of its own for each dialogue.
    dialogue = own_set.conversation("en", turns)
    conversation = Conversation.of(turns, conversation_id(turns, None, "sherlock"))
    store(dialogue, turns, conversation)
    questions = [(question.words, "") for question in dialogue.questions]
    last = range(turns - MESSAGES, turns)
    said = [(dialogue.turns[at].text, f"{dialogue.turns[at - 1].text}\n{dialogue.turns[at - 1].answer}") for at in last]
    _asked(dialogue, conversation, "to warm up", questions)
    return [
        _asked(dialogue, conversation, "a question", questions * ROUNDS),
        _asked(dialogue, conversation, "a turn", said),
    ]


def _asked(dialogue: Dialogue, conversation: Conversation, name: str, messages: Sequence[tuple[str, str]]) -> Waits:
    """:param messages: each with the message before it"""
    from bench.recall.stored import recall_one  # noqa: PLC0415 - as above

    wall, cpu, read = [], [], []
    for words, before in messages:
        with reading() as sizes:
            started, began = time.perf_counter(), time.process_time()
            recall_one(dialogue, conversation, words, before)
            wall.append(1000 * (time.perf_counter() - started))
            cpu.append(1000 * (time.process_time() - began))
            read.append(list(sizes))
    units = mean([sum(math.ceil(size / UNIT) / 2 for size in sizes) for sizes in read])
    return Waits(
        len(dialogue.turns), name, wall, cpu, mean([len(sizes) for sizes in read]), units,
        max(size for sizes in read for size in sizes), units * Prices.read().dollars("read_unit"),
    )  # fmt: skip


@contextmanager
def reading() -> Iterator[list[int]]:
    """The sizes of the items that are read in batches until the block ends."""
    sizes: list[int] = []

    def note(parsed: dict[str, Any], **_: object) -> None:
        sizes.extend(_size(item) for items in parsed.get("Responses", {}).values() for item in items)

    emitter = client("dynamodb").meta.events
    emitter.register("after-call.dynamodb.BatchGetItem", note)
    yield sizes
    emitter.unregister("after-call.dynamodb.BatchGetItem", note)


def _size(item: dict[str, dict[str, Any]]) -> int:
    """Roughly as DynamoDB counts it: names and values."""
    values = ((name, next(iter(value.values()))) for name, value in item.items())
    return sum(
        len(name) + (len(value) if isinstance(value, bytes) else len(str(value).encode())) for name, value in values
    )
