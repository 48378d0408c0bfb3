"""Tokens of a long conversation: as Troupe sends it, and if the last twenty turns were always sent whole."""

import asyncio
from dataclasses import dataclass
from typing import Any

from bench.backstage import Backstage
from bench.counts import answered, said
from bench.packages import Packages
from bench.turns import Troupe
from local.llm.usage import PromptCache, Usage, tokens_in

TURNS = 50
WHOLE_TURNS = 20
MODEL = "gpt-6-luna"


@dataclass
class Tokens:
    """Sums over a conversation: of its answers, and of the summaries that are made of it."""

    input: int = 0
    cached: int = 0
    written: int = 0
    output: int = 0

    def add(self, usage: Usage) -> None:
        self.input += usage.input
        self.cached += usage.cached
        self.written += usage.written
        self.output += usage.output

    @property
    def cached_share(self) -> float:
        return self.cached / self.input

    def dollars(self, price: dict[str, Any]) -> float:
        plain = self.input - self.cached - self.written
        of = {"input": plain, "cached": self.cached, "written": self.written, "output": self.output}
        return sum(float(price[name]) * tokens for name, tokens in of.items())


async def measure(packages: Packages, backstage: Backstage) -> tuple[Tokens, Tokens]:
    """The tokens of both ways, by the offline model's estimate: four bytes are a token."""
    backstage.model.calls.clear()
    async with Troupe.playing(packages, backstage) as troupe:
        person = troupe.person()
        for number in range(TURNS):
            backstage.model.script(text=answered(number))
            await troupe.receive(person, said(number))
            await troupe.answer(1)
            # The memory's own answer is improvised: a hundred words or so.
            await troupe.remember()
            await asyncio.sleep(0)
    # Moderation costs nothing: its requests have no instructions.
    asked = [call for call in backstage.model.calls if call.outcome == "answered" and "instructions" in call.body]
    calls = [(call.body, call.answer) for call in asked]
    return _used(calls), _used([(_whole(body, number), answered(number)) for number, body in _asks(calls)])


def _asks(calls: list[tuple[Any, str]]) -> list[tuple[int, Any]]:
    return list(enumerate(body for body, _ in calls if body["prompt_cache_key"] != "memory"))


def _whole(body: Any, number: int) -> Any:
    """The same request, with the last turns word for word in place of its messages."""
    past: list[dict[str, str]] = []
    for earlier in range(max(0, number - WHOLE_TURNS), number):
        past += [{"role": "user", "content": said(earlier)}, {"role": "assistant", "content": answered(earlier)}]
    return body | {"input": [*past, {"role": "user", "content": said(number)}]}


def _used(calls: list[tuple[Any, str]]) -> Tokens:
    cache, total = PromptCache(), Tokens()
    for body, answer in calls:
        prompt = "\n\n".join([body["instructions"], *(line["content"] for line in body["input"])])
        cached = cache.cached_tokens(MODEL, body["prompt_cache_key"], prompt)
        total.add(Usage(tokens_in(prompt), cached, tokens_in(answer)))
    return total
