"""What goes wrong, and when: rules for one request, outages of a whole service, and a seeded storm."""

import random
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from local.chaos.passages import Passage
from local.chaos.wire import Trouble
from troupe.pseudonym import pseudonym


@dataclass(frozen=True)
class Happened:
    chat: str
    step: str
    trouble: Trouble


@dataclass
class Life:
    """Where a chat's message is just now, as far as the wires show it; and what it has been through."""

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


class Troubles:
    """The overseer of all wires. The same seed brings the same trouble to the same chats at the same steps.

    How the chats' requests mingle has no part in it: each decision is drawn from seed, chat, step and how often the
    chat has come to that step.
    """

    def __init__(self, seed: int = 0, odds: Mapping[str, Sequence[tuple[float, Trouble]]] | None = None) -> None:
        self.happened: list[Happened] = []
        # Seconds from Telegram's answer to the record of it: the window in which a death doubles an answer.
        self.windows: list[float] = []
        self.lives: defaultdict[str, Life] = defaultdict(Life)
        self.deaths = 0
        self._seed = seed
        self._odds = odds or {}
        self._storming = False
        self._down: dict[str, Trouble] = {}
        self._rules: dict[tuple[str, str], list[Trouble | None]] = {}
        self._seen: Counter[tuple[str, str]] = Counter()
        self._names: dict[str, str] = {}
        self._sent_at: dict[str, float] = {}

    def know(self, chat_id: int) -> None:
        """By the name under which the model sees the person."""
        self._names[pseudonym(chat_id)] = str(chat_id)

    def order(self, chat_id: int, step: str, *troubles: Trouble | None) -> None:
        """What this chat's next requests at this step meet, one after the other."""
        self._rules[str(chat_id), step] = list(troubles)

    def order_any(self, step: str, *troubles: Trouble | None) -> None:
        """The same for requests that are no single chat's."""
        self._rules["", step] = list(troubles)

    @contextmanager
    def storm(self) -> Iterator[None]:
        self._storming = True
        try:
            yield
        finally:
            self._storming = False

    @contextmanager
    def outage(self, service: str, trouble: Trouble) -> Iterator[None]:
        self._down[service] = trouble
        try:
            yield
        finally:
            del self._down[service]

    def in_chat(self, chat_id: int) -> list[Happened]:
        return [each for each in self.happened if each.chat == str(chat_id)]

    def meets(self, going: Passage, *, posthumous: bool) -> Trouble | None:
        chat = self._names.get(going.chat, going.chat)
        trouble = self._down.get(going.service) or self._ruled(chat, going.step) or self._drawn(chat, going.step)
        if trouble:
            self.happened.append(Happened(chat, going.step, trouble))
        if trouble is None or trouble.kind in {"stall", "lose"} or trouble.when != "before":
            self.lives[chat].move(going.step, done=False)
            if posthumous:
                self.lives[chat].die()
        return trouble

    def unheard(self, going: Passage) -> None:
        if going.step == "send":
            self.lives[going.chat].unheard += 1

    def died(self, chats: frozenset[str]) -> None:
        """A worker was killed, by a wire or for its timeout, while it had the jobs of these chats in hand."""
        self.deaths += 1
        for chat in chats:
            self.lives[chat].die()

    def passed(self, going: Passage) -> None:
        self.lives[self._names.get(going.chat, going.chat)].move(going.step, done=True)
        if going.step == "send":
            self._sent_at[going.chat] = time.monotonic()
        elif going.step in {"record", "deliver"} and going.chat in self._sent_at:
            self.windows.append(time.monotonic() - self._sent_at.pop(going.chat))

    def _ruled(self, chat: str, step: str) -> Trouble | None:
        waiting = self._rules.get((chat, step))
        return waiting.pop(0) if waiting else None

    def _drawn(self, chat: str, step: str) -> Trouble | None:
        if not self._storming:
            return None
        self._seen[chat, step] += 1
        # Not for secrets: it has to come out the same again.
        draw = random.Random(f"{self._seed}/{chat}/{step}/{self._seen[chat, step]}").random()  # noqa: S311 - repeatable on purpose
        for odds, trouble in self._odds.get(step, ()):
            draw -= odds
            if draw < 0:
                return trouble
        return None


def by_step(happened: Sequence[Happened]) -> dict[str, Counter[str]]:
    """Counts of what happened, by step and kind."""
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for each in happened:
        found[each.step][
            f"{each.trouble.kind} {each.trouble.when}" if each.trouble.kind == "kill" else each.trouble.kind
        ] += 1
    return found
