"""The queue between webhook and reply function under the load of many people, second by second, simulated.

    python -m bench.scale

The rules are SQS's and Lambda's: one job of a chat at a time; a free environment takes what is there, ten jobs at most;
so many environments and no more. A batch lasts as long as the slowest of its answers, and what its answers cost in
processor time on top. The same seed gives the same figures.
"""

import random
import sys
from collections import deque
from collections.abc import Generator
from dataclasses import dataclass, field

import simpy

from bench.spread import percentile
from bench.table import show

MAX_IN_BATCH = 10
WARM_UP_S, WATCHED_S = 30, 90
# Half of all answers within 2 s, one in twenty over 4.5 s: spread as waiting times for models are.
MODEL_MEDIAN_S, MODEL_SIGMA = 2.0, 0.5
# docs/performance.md: what an answer alone adds to the model's time, and each further one of its batch, by megabytes,
# which buy a share of a processor: those of template.yaml where nobody says otherwise, and what many people need.
ADDED_S = {152: (0.44, 0.40), 256: (0.26, 0.16)}
# Whoever writes in a minute; of so many people, some write twice before they are answered.
MINUTE_S = 60

Process = Generator[simpy.Event, None, None]


@dataclass(frozen=True)
class Scenario:
    per_second: float
    environments: int
    batch: int = MAX_IN_BATCH
    side_by_side: bool = True
    memory: int = 256


@dataclass
class Outcome:
    """Waits are in the queue, in seconds."""

    waits: list[float] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    most_busy: int = 0
    left: int = 0


class Queue:
    def __init__(self, world: simpy.Environment, scenario: Scenario, seed: int) -> None:
        self.world, self.scenario = world, scenario
        self.dice = random.Random(seed)  # noqa: S311 - a simulation
        self.waiting: dict[int, deque[float]] = {}
        self.ready: deque[int] = deque()
        self.busy = 0
        self.outcome = Outcome()

    def arrivals(self) -> Process:
        chats = round(self.scenario.per_second * MINUTE_S)
        while True:
            yield self.world.timeout(self.dice.expovariate(self.scenario.per_second))
            chat = self.dice.randrange(chats)
            if chat in self.waiting:
                self.waiting[chat].append(self.world.now)
            else:
                self.waiting[chat] = deque([self.world.now])
                self.ready.append(chat)
            self.start()

    def start(self) -> None:
        while self.ready and self.busy < self.scenario.environments:
            taken = [self.ready.popleft() for _ in range(min(len(self.ready), self.scenario.batch))]
            self.busy += 1
            self.world.process(self.invocation(taken))

    def invocation(self, chats: list[int]) -> Process:
        if self.world.now > WARM_UP_S:
            self.outcome.waits += [self.world.now - self.waiting[chat][0] for chat in chats]
            self.outcome.batches.append(len(chats))
            self.outcome.most_busy = max(self.outcome.most_busy, self.busy)
        answers = [self.dice.lognormvariate(0, MODEL_SIGMA) * MODEL_MEDIAN_S for _ in chats]
        asked = max(answers) if self.scenario.side_by_side else sum(answers)
        alone, each_further = ADDED_S[self.scenario.memory]
        yield self.world.timeout(asked + alone + each_further * (len(chats) - 1))
        self.busy -= 1
        for chat in chats:
            self.waiting[chat].popleft()
            if self.waiting[chat]:
                self.ready.append(chat)
            else:
                del self.waiting[chat]
        self.start()


def simulate(scenario: Scenario, seed: int = 1, seconds: float = WARM_UP_S + WATCHED_S) -> Outcome:
    world = simpy.Environment()
    queue = Queue(world, scenario, seed)
    world.process(queue.arrivals())
    world.run(until=seconds)
    queue.outcome.left = len(queue.ready)
    return queue.outcome


SCENARIOS = {
    "a million people, on average": Scenario(231, 1000),
    "their peak, without a limit": Scenario(694, 5000),
    "their peak, 1,000 environments": Scenario(694, 1000),
    "their peak, 500 environments": Scenario(694, 500),
    "their peak, 400 environments": Scenario(694, 400),
    "their peak, 1,000, one after another": Scenario(694, 1000, side_by_side=False),
    "twice their peak, 1,000 environments": Scenario(1388, 1000),
    "as deployed (20, 152 MB): 20 a second": Scenario(20, 20, memory=152),
    "as deployed (20, 152 MB): 25 a second": Scenario(25, 20, memory=152),
    "20, 256 MB: 25 a second": Scenario(25, 20),
    "20, 256 MB: 35 a second": Scenario(35, 20),
}


def main() -> int:
    rows = []
    for name, scenario in SCENARIOS.items():
        found = simulate(scenario)
        waits = [f"{percentile(found.waits, percent):.1f}" for percent in (50, 95, 99)]
        mean = sum(found.batches) / len(found.batches)
        rows.append([name, f"{scenario.per_second:g}", f"{found.most_busy}", f"{mean:.1f}", *waits, f"{found.left}"])
    head = ["load", "jobs/s", "most at once", "jobs in a batch", "wait p50 s", "p95", "p99", "left waiting"]
    print(show(head, rows))
    return 0


if __name__ == "__main__":
    sys.exit(main())
