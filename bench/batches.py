"""Ten chats whose model takes two seconds, in one batch, against one chat alone."""

from dataclasses import dataclass

from bench.backstage import Backstage
from bench.counts import ANSWERED
from bench.overhead import covered
from bench.packages import Packages
from bench.spread import Spread, paired
from bench.turns import Troupe
from bench.workers import Invocation

MODEL_S = 2.0
CHATS = 10
# Some sixty words, as a model streams them: each delta is parsed, and now and then shown.
ANSWER = ANSWERED[0]


@dataclass(frozen=True)
class Batches:
    """Seconds on the clock and of CPU for one chat and for ten, without the very first answer; and the
    worker's memory at the end.
    """

    first_cpu_ms: float
    one: list[Invocation]
    ten: list[Invocation]
    peak_mb: float

    @property
    def wall_ratio(self) -> Spread:
        return paired([run.wall_s for run in self.ten], [run.wall_s for run in self.one])

    @property
    def wall_ratio_without_aws(self) -> Spread:
        """The emulator does one thing at a time, where AWS does ten."""
        return paired(*([run.wall_s - waited_for_aws(run) for run in runs] for runs in (self.ten, self.one)))

    def cpu_ms_per_answer(self, *, alone: bool) -> Spread:
        runs, chats = (self.one, 1) if alone else (self.ten, CHATS)
        return Spread.of([run.cpu_s / chats * 1000 for run in runs])


def waited_for_aws(run: Invocation) -> float:
    """Seconds of AWS calls before the model is asked and after it has answered, when nothing else goes on."""
    began, ended = run.began, run.began + run.wall_s
    calls = [(call[2], call[3]) for call in run.calls]
    early, late = (began, began + (run.wall_s - MODEL_S)), (ended - (run.wall_s - MODEL_S), ended)
    return covered(calls, early) + covered(calls, late)


async def measure(packages: Packages, backstage: Backstage, rounds: int) -> Batches:
    async with Troupe.playing(packages, backstage, watching="time") as troupe:
        people = [troupe.person() for _ in range(CHATS)]
        pace = MODEL_S / len(ANSWER.split())
        backstage.model.script(text=ANSWER, delta_delay=pace, times=None)
        one, ten = [], []
        for _ in range(rounds + 1):
            runs = []
            for chats in (1, CHATS):
                for person in people[:chats]:
                    await troupe.receive(person, "What are you working on today?")
                runs.append(await troupe.answer(chats))
            one.append(runs[0])
            ten.append(runs[1])
        backstage.model.clear_script()
        return Batches(1000 * one[0].cpu_s, one[1:], ten[1:], troupe.reply.peak_mb)
