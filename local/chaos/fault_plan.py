"""Which request gets which fault: rules for single requests, outages of a whole service, and seeded random faults."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from local.chaos.model_cost import cost_of
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
    """The step that a chat's turn has reached, as seen by the proxies, and the deaths of workers on the way."""

    asked: bool = False
    sent: bool = False
    died_asking: int = 0
    """Deaths between the request to the model and the save of the answer."""
    died_in_window: int = 0
    """Deaths between a sendMessage and the record of it."""
    died: int = 0
    """All deaths."""
    unheard: int = 0
    """Messages that Telegram accepted after the worker had closed its connection."""

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
        self.died += 1
        self.died_asking += self.asked
        self.died_in_window += self.sent
        self.asked = self.sent = False


class FaultPlan:
    """Decides for all proxies. The same seed gives the same faults to the same chats at the same steps.

    Each decision depends on the seed, the chat, the step and how often the chat has reached that step, so the order of
    different chats' requests does not matter.
    """

    def __init__(self, seed: int = 0, odds: Mapping[str, Sequence[tuple[float, Fault]]] | None = None) -> None:
        self.injected: list[InjectedFault] = []
        # Seconds between Telegram's answer to a sendMessage and the record of it. A death in that window sends twice.
        self.windows: list[float] = []
        self.progress: defaultdict[str, ChatProgress] = defaultdict(ChatProgress)
        self.deaths = 0
        # By chat, in nanodollars: the cost of the model's answers that reached their worker whole.
        self.served: defaultdict[str, list[int]] = defaultdict(list)
        self._seed = seed
        self._odds = odds or {}
        self._storming = False
        self._down: dict[str, Fault] = {}
        self._rules: dict[tuple[str, str], list[Fault | None]] = {}
        self._seen: Counter[tuple[str, str]] = Counter()
        self._names: dict[str, str] = {}
        self._sent_at: dict[str, float] = {}

    def know(self, chat_id: int) -> None:
        """Maps the pseudonym that the model sees to the chat id."""
        self._names[pseudonym(chat_id)] = str(chat_id)

    def order(self, chat_id: int, step: str, *faults: Fault | None) -> None:
        """Sets the faults of this chat's next requests at this step, in order. None lets a request pass."""
        self._rules[str(chat_id), step] = list(faults)

    def order_any(self, step: str, *faults: Fault | None) -> None:
        """The same for requests that name no chat."""
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

    def next_fault(self, request: WorkerRequest, *, worker_dead: bool) -> Fault | None:
        chat = self._names.get(request.chat, request.chat)
        fault = self._down.get(request.service) or self._ruled(chat, request.step) or self._drawn(chat, request.step)
        if fault:
            self.injected.append(InjectedFault(chat, request.step, fault))
        if fault is None or fault.kind in {"stall", "lose"} or fault.when != "before":
            self.progress[chat].move(request.step, done=False)
            if worker_dead:
                self.progress[chat].die()
        return fault

    def unheard(self, request: WorkerRequest) -> None:
        if request.step == "send":
            self.progress[request.chat].unheard += 1

    def died(self, chats: frozenset[str]) -> None:
        """A worker was killed, by a proxy or for its timeout, while it worked on these chats' jobs."""
        self.deaths += 1
        for chat in chats:
            self.progress[chat].die()

    def answered(self, request: WorkerRequest) -> None:
        self.progress[self._names.get(request.chat, request.chat)].move(request.step, done=True)
        if request.step == "send":
            self._sent_at[request.chat] = time.monotonic()
        elif request.step in {"record", "deliver"} and request.chat in self._sent_at:
            self.windows.append(time.monotonic() - self._sent_at.pop(request.chat))

    def heard(self, request: WorkerRequest, stream: bytes) -> None:
        """The worker has got the whole of an answer of the model's."""
        cost = cost_of(stream)
        if cost is not None:
            self.served[self._names.get(request.chat, request.chat)].append(cost)

    def _ruled(self, chat: str, step: str) -> Fault | None:
        waiting = self._rules.get((chat, step))
        return waiting.pop(0) if waiting else None

    def _drawn(self, chat: str, step: str) -> Fault | None:
        if not self._storming:
            return None
        self._seen[chat, step] += 1
        draw = random.Random(f"{self._seed}/{chat}/{step}/{self._seen[chat, step]}").random()  # noqa: S311 - repeatable on purpose
        for odds, fault in self._odds.get(step, ()):
            draw -= odds
            if draw < 0:
                return fault
        return None


def by_step(injected: Sequence[InjectedFault]) -> dict[str, Counter[str]]:
    """Counts by step and kind."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for each in injected:
        found[each.step][f"{each.fault.kind} {each.fault.when}" if each.fault.kind == "kill" else each.fault.kind] += 1
    return found
