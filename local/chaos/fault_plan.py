"""What goes wrong, and when: rules for one request, outages of a whole service, and a seeded storm."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from local.chaos.proxy import Fault
from local.chaos.worker_request import WorkerRequest
from troupe.pseudonym import pseudonym


@dataclass(frozen=True)
class InjectedFault:
    chat: str
    step: str
    fault: Fault


@dataclass
class ChatProgress:
    """Where a chat's message is just now, as far as the proxies show it; and what it has been through."""

    asked: bool = False
    sent: bool = False
    # Deaths after the model was asked and before the answer was saved; after a send and before its record.
    died_asking: int = 0
    died_in_window: int = 0
    # Messages that Telegram took, when the worker had stopped listening for its answer.
    unheard: int = 0

    def move(self, step: str, *, done: bool) -> None:
        if step == "ask":
            self.asked = True
        elif step == "send":
            self.sent = True
        elif done and step in {"save", "release", "give_up"}:
            self.asked = False
        elif done and step in {"record", "deliver", "close"}:
            self.sent = False

    def die(self) -> None:
        self.died_asking += self.asked
        self.died_in_window += self.sent
        self.asked = self.sent = False


class FaultPlan:
    """The overseer of all proxies. The same seed brings the same fault to the same chats at the same steps.

    How the chats' requests mingle has no part in it: each decision is drawn from seed, chat, step and how often the
    chat has come to that step.
    """

    def __init__(self, seed: int = 0, odds: Mapping[str, Sequence[tuple[float, Fault]]] | None = None) -> None:
        self.injected: list[InjectedFault] = []
        # Seconds from Telegram's answer to the record of it: the window in which a death doubles an answer.
        self.windows: list[float] = []
        self.progress: defaultdict[str, ChatProgress] = defaultdict(ChatProgress)
        self.deaths = 0
        self._seed = seed
        self._odds = odds or {}
        self._storming = False
        self._down: dict[str, Fault] = {}
        self._rules: dict[tuple[str, str], list[Fault | None]] = {}
        self._seen: Counter[tuple[str, str]] = Counter()
        self._names: dict[str, str] = {}
        self._sent_at: dict[str, float] = {}

    def know(self, chat_id: int) -> None:
        """By the name under which the model sees the person."""
        self._names[pseudonym(chat_id)] = str(chat_id)

    def order(self, chat_id: int, step: str, *faults: Fault | None) -> None:
        """What this chat's next requests at this step meet, one after the other."""
        self._rules[str(chat_id), step] = list(faults)

    def order_any(self, step: str, *faults: Fault | None) -> None:
        """The same for requests that are no single chat's."""
        self._rules["", step] = list(faults)

    @contextmanager
    def storm(self) -> Iterator[None]:
        self._storming = True
        try:
            yield
        finally:
            self._storming = False

    @contextmanager
    def outage(self, service: str, fault: Fault) -> Iterator[None]:
        self._down[service] = fault
        try:
            yield
        finally:
            del self._down[service]

    def in_chat(self, chat_id: int) -> list[InjectedFault]:
        return [each for each in self.injected if each.chat == str(chat_id)]

    def meets(self, going: WorkerRequest, *, worker_dead: bool) -> Fault | None:
        chat = self._names.get(going.chat, going.chat)
        fault = self._down.get(going.service) or self._ruled(chat, going.step) or self._drawn(chat, going.step)
        if fault:
            self.injected.append(InjectedFault(chat, going.step, fault))
        if fault is None or fault.kind in {"stall", "lose"} or fault.when != "before":
            self.progress[chat].move(going.step, done=False)
            if worker_dead:
                self.progress[chat].die()
        return fault

    def unheard(self, going: WorkerRequest) -> None:
        if going.step == "send":
            self.progress[going.chat].unheard += 1

    def died(self, chats: frozenset[str]) -> None:
        """A worker was killed, by a proxy or for its timeout, while it had the jobs of these chats in hand."""
        self.deaths += 1
        for chat in chats:
            self.progress[chat].die()

    def passed(self, going: WorkerRequest) -> None:
        self.progress[self._names.get(going.chat, going.chat)].move(going.step, done=True)
        if going.step == "send":
            self._sent_at[going.chat] = time.monotonic()
        elif going.step in {"record", "deliver"} and going.chat in self._sent_at:
            self.windows.append(time.monotonic() - self._sent_at.pop(going.chat))

    def _ruled(self, chat: str, step: str) -> Fault | None:
        waiting = self._rules.get((chat, step))
        return waiting.pop(0) if waiting else None

    def _drawn(self, chat: str, step: str) -> Fault | None:
        if not self._storming:
            return None
        self._seen[chat, step] += 1
        # Not for secrets: it has to come out the same again.
        draw = random.Random(f"{self._seed}/{chat}/{step}/{self._seen[chat, step]}").random()  # noqa: S311 - repeatable on purpose
        for odds, fault in self._odds.get(step, ()):
            draw -= odds
            if draw < 0:
                return fault
        return None


def by_step(injected: Sequence[InjectedFault]) -> dict[str, Counter[str]]:
    """Counts of what injected, by step and kind."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for each in injected:
        found[each.step][f"{each.fault.kind} {each.fault.when}" if each.fault.kind == "kill" else each.fault.kind] += 1
    return found
