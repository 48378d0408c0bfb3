"""The queue between webhook and reply function under the load of many people, second by second, simulated.

    python -m bench.scale

The rules are SQS's and Lambda's: one job of a chat at a time; a free environment takes up to ten jobs; the number of
environments has a maximum, and grows by a number a minute under a rising load. A batch lasts as long as its slowest
answer, plus the processor time of all its answers. The same seed gives the same figures.
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
# which buy a share of a processor.
ADDED_S = {256: (0.39, 0.44), 640: (0.21, 0.11)}
# The share of people who write a second message before the first is answered.
MINUTE_S = 60
# Concurrent batches that a mapping of an SQS queue adds a minute; and with provisioned pollers, which are paid for.
# https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html
STANDARD_RAMP, PROVISIONED_RAMP = 300, 1000
# The long polls that a mapping begins with.
MIN_POLLERS = 5
# A new environment and the INIT of the reply function (docs/performance.md).
COLD_START_S = 1.3

Process = Generator[simpy.Event, None, None]


@dataclass(frozen=True)
class Scenario:
    per_second: float
    environments: int
    batch: int = MAX_IN_BATCH
    side_by_side: bool = True
    memory: int = 640


@dataclass(frozen=True)
class Rise:
    """From one load to another, in even steps. The outcome counts from its beginning on, when as many environments are
    there as the first load needs.
    """

    from_per_second: float
    seconds: float
    environments_per_minute: float = STANDARD_RAMP


@dataclass
class Outcome:
    """Waits in the queue are in seconds."""

    waits: list[float] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    most_busy: int = 0
    left: int = 0


class Queue:
    def __init__(self, world: simpy.Environment, scenario: Scenario, seed: int, rise: Rise | None = None) -> None:
        self.world, self.scenario, self.rise = world, scenario, rise
        self.allowed: float = scenario.environments
        self.alive = scenario.environments
        self.dice = random.Random(seed)  # noqa: S311 - a simulation
        self.waiting: dict[int, deque[float]] = {}
        self.ready: deque[int] = deque()
        self.busy = 0
        self.outcome = Outcome()

    def per_second(self) -> float:
        if self.rise is None:
            return self.scenario.per_second
        risen = min(1, max(0, self.world.now - WARM_UP_S) / max(self.rise.seconds, 1e-9))
        return self.rise.from_per_second + risen * (self.scenario.per_second - self.rise.from_per_second)

    def scaling(self, rise: Rise) -> Process:
        """Adds environments from the beginning of the rise on, each second and only while jobs wait."""
        most = 0
        while self.world.now < WARM_UP_S:
            yield self.world.timeout(1)
            most = max(most, self.busy)
        self.allowed = self.alive = max(most, MIN_POLLERS)
        while True:
            yield self.world.timeout(1)
            if self.ready:
                more = self.allowed + rise.environments_per_minute / MINUTE_S
                self.allowed = min(self.scenario.environments, more)
                self.start()

    def arrivals(self) -> Process:
        chats = round(self.scenario.per_second * MINUTE_S)
        while True:
            yield self.world.timeout(self.dice.expovariate(self.per_second()))
            chat = self.dice.randrange(chats)
            if chat in self.waiting:
                self.waiting[chat].append(self.world.now)
            else:
                self.waiting[chat] = deque([self.world.now])
                self.ready.append(chat)
            self.start()

    def start(self) -> None:
        while self.ready and self.busy < int(self.allowed):
            taken = [self.ready.popleft() for _ in range(min(len(self.ready), self.scenario.batch))]
            self.busy += 1
            self.world.process(self.invocation(taken))

    def invocation(self, chats: list[int]) -> Process:
        cold_s = COLD_START_S if self.busy > self.alive else 0
        self.alive = max(self.alive, self.busy)
        if self.world.now > WARM_UP_S:
            self.outcome.waits += [self.world.now - self.waiting[chat][0] for chat in chats]
            self.outcome.batches.append(len(chats))
            self.outcome.most_busy = max(self.outcome.most_busy, self.busy)
        answers = [self.dice.lognormvariate(0, MODEL_SIGMA) * MODEL_MEDIAN_S for _ in chats]
        asked = max(answers) if self.scenario.side_by_side else sum(answers)
        alone, each_further = ADDED_S[self.scenario.memory]
        yield self.world.timeout(cold_s + asked + alone + each_further * (len(chats) - 1))
        self.busy -= 1
        for chat in chats:
            self.waiting[chat].popleft()
            if self.waiting[chat]:
                self.ready.append(chat)
            else:
                del self.waiting[chat]
        self.start()


def simulate(
    scenario: Scenario, rise: Rise | None = None, *, seed: int = 1, seconds: float = WARM_UP_S + WATCHED_S
) -> Outcome:
    world = simpy.Environment()
    queue = Queue(world, scenario, seed, rise)
    if rise:
        world.process(queue.scaling(rise))
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
    "as deployed (20, 640 MB): 25 a second": Scenario(25, 20),
    "as deployed (20, 640 MB): 35 a second": Scenario(35, 20),
    "20, 256 MB: 25 a second": Scenario(25, 20, memory=256),
}
RISES = {
    "as deployed (20, 640 MB): 12 to 24 within a minute": (Scenario(24, 20), Rise(12, 60)),
    "20 to 40 within a minute": (Scenario(40, 1000), Rise(20, 60)),
    "100 to 200 within a minute": (Scenario(200, 1000), Rise(100, 60)),
    "347 to 694 within a minute": (Scenario(694, 1000), Rise(347, 60)),
    "347 to 694 within a minute, 500 environments": (Scenario(694, 500), Rise(347, 60)),
    "347 to 694 at once": (Scenario(694, 1000), Rise(347, 0)),
    "69 to 694 within a minute": (Scenario(694, 1000), Rise(69, 60)),
    "69 to 694 within a minute, provisioned pollers": (Scenario(694, 1000), Rise(69, 60, PROVISIONED_RAMP)),
    "5 to 694 at once": (Scenario(694, 1000), Rise(5, 0)),
    "5 to 694 at once, provisioned pollers": (Scenario(694, 1000), Rise(5, 0, PROVISIONED_RAMP)),
}


def main() -> int:
    rows = [_row(name, scenario, simulate(scenario)) for name, scenario in SCENARIOS.items()]
    head = ["load", "jobs/s", "most at once", "jobs in a batch", "wait p50 s", "p95", "p99", "left waiting"]
    print(show(head, rows), end="\n\n")
    rows = [_row(name, scenario, simulate(scenario, rise)) for name, (scenario, rise) in RISES.items()]
    print(show(["rise", *head[1:]], rows))
    return 0


def _row(name: str, scenario: Scenario, found: Outcome) -> list[str]:
    waits = [f"{percentile(found.waits, percent):.1f}" for percent in (50, 95, 99)]
    mean = sum(found.batches) / len(found.batches)
    return [name, f"{scenario.per_second:g}", f"{found.most_busy}", f"{mean:.1f}", *waits, f"{found.left}"]


if __name__ == "__main__":
    sys.exit(main())
