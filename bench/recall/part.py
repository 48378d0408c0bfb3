"""`make bench ARGS=memory`: compares the ways of remembering, on our own set and on files of LoCoMo's.

python -m bench.recall.part [--data FOLDER] [--judge]
"""

import argparse
import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from bench.recall import locomo, own_set, waits
from bench.recall.measure import Method, Score, Subject, lexical, mean, scores, summary, window
from bench.recall.vectors import HOW, Server, vectors
from bench.table import show

TOTAL = 3000
METHODS: dict[str, Method] = {
    "window alone, 3,000": window(TOTAL),
    "summary of 400, window of 2,600": summary(2600),
    "recall of 1,000": lexical(1000, 0),
    "recall of 1,500, window of 1,500": lexical(1500, 1500),
    "recall of 2,500, window of 500": lexical(2500, 500),
}
# With vectors: a server on this machine takes minutes for a long conversation.
SHORT = 300
GOALS = "Goals: 85 within 3,000 tokens in all (single-hop 93, multi-hop 65), 75 with 1,000 for recall."


def main() -> int:
    parser = argparse.ArgumentParser(prog="make bench", description="Measure what characters remember.")
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="files in the shape of LoCoMo's")
    parser.add_argument("--judge", action="store_true", help="ask the configured model, through the whole product")
    options = parser.parse_args()
    if options.judge:
        # In a process of its own: the functions' settings are the process's.
        return subprocess.run([sys.executable, "-m", "bench.recall.judge"], check=False).returncode
    try:
        brought = [Subject(each) for each in locomo.read(options.data)] if options.data else []
    except locomo.DataError as error:
        print(error, file=sys.stderr)
        return 1
    if brought:
        print(_evidence(f"{options.data.name}: evidence in the prompt, %", brought, list(locomo.CATEGORIES.values())))
        print(f"\n{GOALS}\n")
    for language in own_set.LANGUAGES:
        own = [Subject(own_set.conversation(language, turns)) for turns in own_set.LENGTHS]
        print(f"{_evidence(f'own set, {language}: evidence in the prompt, %', own, own_set.KINDS, updates=True)}\n")
    print(f"{_with_vectors(brought)}\n")
    print(show(waits.HEAD, [each.row for each in waits.measure()]))
    return 0


def _with_vectors(brought: Sequence[Subject]) -> str:
    server = Server.configured()
    if server is None:
        return HOW
    methods = {
        "lexical, 1,000": lexical(1000, 0),
        "vectors, 1,000": vectors(server, 1000, 0, fuse=False),
        "fused, 1,000": vectors(server, 1000, 0, fuse=True),
    }
    told = [_evidence("with vectors", brought, list(locomo.CATEGORIES.values()), methods=methods)] if brought else []
    for language in own_set.LANGUAGES:
        own = [Subject(own_set.conversation(language, SHORT))]
        told.append(_evidence(f"{SHORT} turns, {language}", own, own_set.KINDS, updates=True, methods=methods))
    return "\n\n".join(told)


def _evidence(
    title: str,
    subjects: Iterable[Subject],
    kinds: Sequence[str],
    *,
    updates: bool = False,
    methods: Mapping[str, Method] = METHODS,
) -> str:
    more = ["newer preferred", "never said, not claimed"] if updates else []
    rows = [_row(name, score, kinds, updates=updates) for name, score in scores(subjects, methods).items()]
    return show([title, "tokens", "all", *kinds, *more], rows)


def _row(name: str, score: Score, kinds: Sequence[str], *, updates: bool) -> list[str]:
    shares = [score.all, *(mean(score.found[kind]) for kind in kinds)]
    shares += [mean(score.preferred), mean(score.unclaimed)] if updates else []
    return [name, f"{mean(score.tokens):,.0f}", *(f"{100 * share:.1f}" for share in shares)]


if __name__ == "__main__":
    sys.exit(main())
