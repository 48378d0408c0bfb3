"""How long people wait while a flood of strangers writes, with and without newcomers who give way, simulated.

    python -m bench.strangers

The rules are those of bench.scale: a free environment takes up to ten jobs, and lasts as long as its slowest answer.
"""

import math
import random
import sys
from collections import deque
from dataclasses import dataclass, field

import simpy

from bench.scale import ADDED_S, MAX_IN_BATCH, MIN_POLLERS, MODEL_MEDIAN_S, MODEL_SIGMA, STANDARD_RAMP, Process
from bench.spread import percentile
from bench.table import show
from functions.llm_reply.queue_work.crowd import CROWD, wait_s

MEMORY_MB = 640
# A batch whose jobs all give way: two reads of a table each, side by side, and one request to the queue.
LOOK_S = 0.1
# When the flood begins, and how long people are watched from then on.
BEGINS_S, WATCHED_S = 10, 60


@dataclass(frozen=True)
class Flood:
    strangers: int
    within_s: float
    environments: int = 20
    regulars_per_second: float = 2


@dataclass
class Waits:
    """Seconds from a message to the beginning of its answer, for people who write once the flood has begun."""

    regulars: list[float] = field(default_factory=list)
    strangers: list[float] = field(default_factory=list)


@dataclass
class _Job:
    is_stranger: bool
    sent_s: float
    receives: int = 0


class _Queue:
    def __init__(self, flood: Flood, *, gives_way: bool, seed: int) -> None:
        self.world, self.flood, self.gives_way = simpy.Environment(), flood, gives_way
        self.dice = random.Random(seed)  # noqa: S311 - a simulation
        self.ready: deque[_Job] = deque()
        self.busy, self.allowed = 0, float(min(MIN_POLLERS, flood.environments))
        self.waits = Waits()

    def strangers(self) -> Process:
        for at in sorted(self.dice.uniform(0, self.flood.within_s) for _ in range(self.flood.strangers)):
            yield self.world.timeout(BEGINS_S + at - self.world.now)
            self.put(_Job(is_stranger=True, sent_s=self.world.now))

    def regulars(self) -> Process:
        while self.world.now < BEGINS_S + WATCHED_S:
            yield self.world.timeout(self.dice.expovariate(self.flood.regulars_per_second))
            self.put(_Job(is_stranger=False, sent_s=self.world.now))

    def scaling(self) -> Process:
        while self.allowed < self.flood.environments:
            yield self.world.timeout(1)
            if self.ready:
                self.allowed = min(self.flood.environments, self.allowed + STANDARD_RAMP / 60)
                self.start()

    def put(self, job: _Job) -> None:
        self.ready.append(job)
        self.start()

    def start(self) -> None:
        while self.ready and self.busy < int(self.allowed):
            taken = [self.ready.popleft() for _ in range(min(len(self.ready), MAX_IN_BATCH))]
            self.busy += 1
            self.world.process(self.invocation(taken))

    def invocation(self, batch: list[_Job]) -> Process:
        is_crowd = self.gives_way and len(batch) >= CROWD
        answered = [job for job in batch if not (is_crowd and job.is_stranger)]
        for job in batch:
            job.receives += 1
            if is_crowd and job.is_stranger:
                self.world.process(self.return_later(job))
        for job in answered:
            self.note(job)
        yield self.world.timeout(self.seconds(len(answered)))
        self.busy -= 1
        self.start()

    def return_later(self, job: _Job) -> Process:
        yield self.world.timeout(math.ceil(wait_s(job.receives, self.dice)))
        self.put(job)

    def note(self, job: _Job) -> None:
        if job.is_stranger or job.sent_s >= BEGINS_S:
            kind = self.waits.strangers if job.is_stranger else self.waits.regulars
            kind.append(self.world.now - job.sent_s)

    def seconds(self, answers: int) -> float:
        if not answers:
            return LOOK_S
        alone, each_further = ADDED_S[MEMORY_MB]
        slowest = max(self.dice.lognormvariate(0, MODEL_SIGMA) * MODEL_MEDIAN_S for _ in range(answers))
        return slowest + alone + each_further * (answers - 1)


def simulate(flood: Flood, *, gives_way: bool, seed: int = 1) -> Waits:
    queue = _Queue(flood, gives_way=gives_way, seed=seed)
    for process in (queue.strangers(), queue.regulars(), queue.scaling()):
        queue.world.process(process)
    queue.world.run()
    return queue.waits


FLOODS = {
    "1,000 strangers within a minute": Flood(1000, 60),
    "1,000 within 10 s": Flood(1000, 10),
    "1,000 within a second": Flood(1000, 1),
    "6,000 within a minute": Flood(6000, 60),
    "1,000 within a minute, 6 environments": Flood(1000, 60, environments=6, regulars_per_second=0.5),
    "6,000 within a minute, 100 environments": Flood(6000, 60, environments=100, regulars_per_second=10),
}


def main() -> int:
    rows = [
        _row(f"{name}: {'newcomers' if gives_way else 'nobody'}", simulate(flood, gives_way=gives_way))
        for name, flood in FLOODS.items()
        for gives_way in (False, True)
    ]
    print(show(["flood: who gives way", "others wait p50 s", "p95", "most", "strangers wait p50 s", "most"], rows))
    return 0


def _row(name: str, waits: Waits) -> list[str]:
    regulars = [f"{percentile(waits.regulars, percent):.1f}" for percent in (50, 95, 100)]
    return [name, *regulars, *(f"{percentile(waits.strangers, percent):.0f}" for percent in (50, 100))]


if __name__ == "__main__":
    sys.exit(main())
