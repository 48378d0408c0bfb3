"""The parts of `make bench`: each measures, and prints a table with its values beside the goals.

python -m bench.parts PART ROUNDS
"""

import asyncio
import json
import sys
from collections.abc import Callable, Coroutine

from artefacts.package import ROOT
from bench import batches, overhead, picker, starts
from bench.backstage import running_backstage
from bench.caching import TURNS
from bench.caching import measure as measure_caching
from bench.first_part import first
from bench.packages import Packages, built
from bench.spread import Spread, paired
from bench.starts import Measured
from bench.table import show

MIN_TURNS = 9

Part = Callable[[Packages, int], Coroutine[None, None, str]]


async def webhook(packages: Packages, rounds: int) -> str:
    found = await asyncio.to_thread(starts.rounds, packages.python, starts.webhooks(packages), max(rounds, MIN_TURNS))
    rows = [
        [
            name,
            Spread.of([1000 * one["first_s"] for one in measured]).show(0),
            Spread.of([1000 * one["warm_s"] for one in measured]).show(),
            Spread.of([one["peak_mb"] for one in measured]).show(1),
            f"{measured[0]['modules']:.0f}",
        ]
        for name, measured in found.items()
    ]
    table = show(["webhook, CPU", "cold, ms", "each warm request, ms", "peak memory, MB", "modules"], rows)
    return f"{table}\n\n{_ratios(found)}"


def _ratios(found: dict[str, list[Measured]]) -> str:
    def ratio(one: str, other: str, what: str) -> str:
        return paired([run[what] for run in found[one]], [run[what] for run in found[other]]).show()

    ours, bare, naive = "webhook", "bare botocore", "naive webhook"
    rows = [
        ["cold, of put and send alone", ratio(ours, bare, "first_s"), "at most 0.90"],
        ["warm, of put and send alone", ratio(ours, bare, "warm_s"), "at most 1.25"],
        ["peak memory, of put and send alone", ratio(ours, bare, "peak_mb"), "at most 0.85"],
        ["modules", f"{found[ours][0]['modules']:.0f}", "at most 400"],
        ["naive, cold, of ours", ratio(naive, ours, "first_s"), "at least 4.5"],
    ]
    return show(["ratio, round by round", "median [quartiles]", "goal"], rows)


async def others(packages: Packages, rounds: int) -> str:
    found = await asyncio.to_thread(starts.rounds, packages.python, starts.others(packages), rounds)
    rows = []
    for function in ("llm_reply", "webapp_select", "analytics"):
        ours, libraries = found[function], found[f"{function}'s libraries"]
        own, floor = ([1000 * run["import_s"] for run in runs] for runs in (ours, libraries))
        memory = Spread.of([run["peak_mb"] for run in ours]).show(1)
        modules = f"{ours[0]['modules']:.0f}"
        rows.append(
            [function, Spread.of(own).show(0), Spread.of(floor).show(0), paired(own, floor).show(), memory, modules]
        )
    head = ["cold start", "CPU, ms", "its libraries alone", "ratio", "peak memory, MB", "modules"]
    return show(head, rows)


async def batch(packages: Packages, rounds: int) -> str:
    async with running_backstage() as backstage:
        found = await batches.measure(packages, backstage, max(3, rounds // 2))
    rows = [
        ["wall, of one chat's", found.wall_ratio.show(), "at most 1.10"],
        ["the same without the emulator's share", found.wall_ratio_without_aws.show(), ""],
        ["CPU of the first answer of a process, ms", f"{found.first_cpu_ms:.0f}", ""],
        ["CPU per answer, ms, one chat", found.cpu_ms_per_answer(alone=True).show(0), ""],
        ["CPU per answer, ms, ten chats", found.cpu_ms_per_answer(alone=False).show(0), ""],
        ["peak memory, MB", f"{found.peak_mb:.0f}", ""],
    ]
    return show([f"ten chats in a batch, a model of {batches.MODEL_S:g} s", "", "goal"], rows)


async def turn(packages: Packages, rounds: int) -> str:
    async with running_backstage() as backstage:
        found = await overhead.measure(packages, backstage, rounds)
    rows = [
        ["from the update to the model's request", found["to_model"].show(0), found["to_model_aws"].show(0)],
        ["from the first word to the first draft of it", found["to_draft"].show(0), ""],
        ["from the last word to sendMessage", found["to_message"].show(0), found["to_message_aws"].show(0)],
    ]
    return show(["what Troupe adds to a turn, ms", "all", "of it the emulator's calls"], rows)


async def load(_packages: Packages, _rounds: int) -> str:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.load", cwd=ROOT, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL
    )
    output, _ = await process.communicate()
    found = json.loads(output)
    latency = f"{found['half_p50_s']:.2f} / {found['half_p95_s']:.2f}"
    rows = [["turns per second", f"{found['turns_per_second']:.1f}"], ["seconds at half that, p50 / p95", latency]]
    return show(["local stack, instant model, two processes", ""], rows)


async def caching(_packages: Packages, _rounds: int) -> str:
    found = await asyncio.to_thread(measure_caching)
    rows = [
        [name, f"{of.input / TURNS:.0f}", f"{of.cached / TURNS:.0f}", f"{of.cached / of.input:.0%}"]
        for name, of in found.items()
    ]
    return show([f"tokens per prompt of {TURNS}", "in", "from cache", "cached share"], rows)


async def page(_packages: Packages, rounds: int) -> str:
    loads, scores = await picker.measure(max(3, rounds // 3))
    first = loads[0]
    rows = [
        ["first load, compressed, kB", f"{first.bytes / 1000:.1f}", "at most 60"],
        ["requests", f"{first.requests}", ""],
        ["of them to third parties", f"{first.third_parties}", "0"],
        ["interactive, ms, 4x CPU and slow 4G", picker.spread(loads, "interactive_ms").show(0), "under 1000"],
        ["layout shift", picker.spread(loads, "layout_shift").show(3), "0"],
    ]
    if scores is None:
        rows.append(["Lighthouse", "not measured: npx could not get it", "at least 95"])
    else:
        rows += [[f"Lighthouse {name}", str(score), "at least 95"] for name, score in scores.items()]
    return show(["picker", "", "goal"], rows)


PARTS: dict[str, Part] = {
    "webhook": webhook, "first": first, "others": others, "batch": batch, "turn": turn, "load": load,
    "caching": caching, "page": page,
}  # fmt: skip


def main() -> int:
    part, rounds = sys.argv[1:]
    print(f"\n{asyncio.run(PARTS[part](built(), int(rounds)))}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
