"""How much memory the reply function should have: the seconds of a batch and the dollars of an answer, by megabytes.

python -m bench.megabytes
"""

import asyncio
import sys

from artefacts.failure import BuildError
from artefacts.package import function_of
from bench import durations, slowness
from bench.backstage import running_backstage
from bench.cost import THOUSAND, Prices, run
from bench.counts import MODEL_S
from bench.packages import Packages, build
from bench.quota import NoQuotaError
from bench.table import show

MEGABYTES = (256, 384, 512, 640, 1024)
CHATS = (1, 10)
ROUNDS = 9


def main() -> int:
    try:
        rows = asyncio.run(_rows(build()))
    except (BuildError, NoQuotaError) as error:
        print(error, file=sys.stderr)
        return 1
    head = ["MB", *(f"{chats} in a batch, {what}" for chats in CHATS for what in ("s", "$ per 1,000 answers"))]
    print(show(head, rows))
    return 0


async def _rows(packages: Packages) -> list[list[str]]:
    prices, rows, slow = Prices.read(), [], await asyncio.to_thread(slowness.measure, packages)
    async with running_backstage() as backstage:
        memory = {function_of(one.logical_id): one.memory for one in backstage.template.functions}
        for megabytes in MEGABYTES:
            row = [str(megabytes)]
            for chats in CHATS:
                given = memory | {"llm_reply": megabytes}
                lasted = await durations.measure(
                    packages, backstage, chats=chats, rounds=ROUNDS, model_s=MODEL_S, memory=given, slowness=slow
                )
                dollars = run(prices, megabytes, lasted.reply) / chats * THOUSAND
                row += [f"{lasted.reply:.2f}", f"{dollars:.5f}"]
            rows.append(row)
    return rows


if __name__ == "__main__":
    sys.exit(main())
