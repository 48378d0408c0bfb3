"""The time that Troupe adds to a turn: before the model is asked, and after its last word."""

from collections.abc import Iterable
from dataclasses import dataclass

from bench.backstage import Backstage, Request
from bench.counts import ANSWERED
from bench.packages import Packages
from bench.spread import Spread
from bench.turns import Troupe
from bench.workers import Invocation

ANSWER = ANSWERED[0]
FIRST_WORD_S = 0.3
SAYING_S = 1.0

Interval = tuple[float, float]


@dataclass(frozen=True)
class Turn:
    """Milliseconds. `aws` is the part of the one before it that went by while a call of AWS was under way."""

    to_model: float
    to_model_aws: float
    to_draft: float
    to_message: float
    to_message_aws: float


async def measure(packages: Packages, backstage: Backstage, rounds: int) -> dict[str, Spread]:
    """The way from webhook to worker by the queue is left out: on AWS it is the event source mapping's."""
    async with Troupe.playing(packages, backstage, watching="time") as troupe:
        person = troupe.person()
        pace = SAYING_S / len(ANSWER.split())
        backstage.model.script(text=ANSWER, first_delay=FIRST_WORD_S, delta_delay=pace, times=None)
        found = []
        for number in range(rounds + 1):
            backstage.requests.clear()
            received = await troupe.receive(person, "What are you working on today?")
            answered = await troupe.answer(1)
            if number:
                found.append(_turn(received, answered, backstage.requests, backstage))
        backstage.model.clear_script()
    names = Turn.__dataclass_fields__
    return {name: Spread.of([getattr(turn, name) for turn in found]) for name in names}


def _turn(received: Invocation, answered: Invocation, requests: list[Request], backstage: Backstage) -> Turn:
    asked = next(one for one in requests if one.path.endswith("/responses"))
    said = next(one for one in requests if one.path.endswith("/sendMessage"))
    first_word = asked.began + FIRST_WORD_S
    drafts = [
        call.at for call in backstage.simulator.calls if call.method == "sendMessageDraft" and call.at > first_word
    ]
    before = [(received.began, received.began + received.wall_s), (answered.began, asked.began)]
    calls = [(began, ended) for _, _, began, ended, *_ in (*received.calls, *answered.calls)]
    return Turn(
        to_model=1000 * sum(end - begin for begin, end in before),
        to_model_aws=1000 * sum(covered(calls, window) for window in before),
        to_draft=1000 * (drafts[0] - first_word),
        to_message=1000 * (said.began - asked.ended),
        to_message_aws=1000 * covered(calls, (asked.ended, said.began)),
    )


def covered(intervals: Iterable[Interval], window: Interval) -> float:
    """The part of the window that the intervals cover."""
    total, reached = 0.0, window[0]
    for begin, end in sorted(intervals):
        begin, end = max(begin, reached), min(end, window[1])  # noqa: PLW2901 - cut to what is left of the window
        if end > begin:
            total, reached = total + end - begin, end
    return total
