"""`make cost`: the dollars of a thousand turns, and the tokens of a conversation."""

import asyncio
import sys
from dataclasses import dataclass

from artefacts.failure import BuildError
from artefacts.package import function_of
from bench import cost, counts, durations, idle, slowness, tokens
from bench.backstage import Backstage, running_backstage
from bench.cost import Bill, Prices
from bench.packages import Packages, build
from bench.quota import NoQuotaError
from bench.table import show
from bench.tokens import Tokens

# At the length at which a conversation's summary begins, so that all kinds of turns are in it.
TURNS = 20
ROUNDS = 5
BATCHES = (1, 10)
GOALS = {1: 0.0130, 10: 0.0060}


@dataclass(frozen=True)
class Found:
    bills: dict[str, Bill]
    ours: Tokens
    whole: Tokens


def main() -> int:
    try:
        packages = build()
        found = asyncio.run(_measured(packages))
    except (BuildError, NoQuotaError) as error:
        print(error, file=sys.stderr)
        return 1
    prices = Prices.read()
    print(_dollars(found, prices), _tokens(found, prices), _idle(prices), sep="\n\n")
    return 0


async def _measured(packages: Packages) -> Found:
    prices, slow = Prices.read(), await asyncio.to_thread(slowness.measure, packages)
    async with running_backstage() as backstage:
        memory = {function_of(one.logical_id): one.memory for one in backstage.template.functions}
        bills = {
            f"batches of {size}": await _bill(packages, backstage, prices, memory, size=size, slow=slow)
            for size in BATCHES
        }
        bills["naive"] = cost.naive_bill(prices, counts.MODEL_S)
        return Found(bills, *await tokens.measure(packages, backstage))


async def _bill(
    packages: Packages, backstage: Backstage, prices: Prices, memory: dict[str, int], *, size: int, slow: float
) -> Bill:
    counted = await counts.count(packages, backstage, chats=size, turns=TURNS, model_s=counts.MODEL_S)
    lasted = await durations.measure(
        packages, backstage, chats=size, rounds=ROUNDS, model_s=counts.MODEL_S, memory=memory, slowness=slow
    )
    return cost.bill(prices, counted, lasted, memory)


def _dollars(found: Found, prices: Prices) -> str:
    names = list(dict.fromkeys(name for bill in found.bills.values() for name in bill))
    rows = [[name, *(f"{bill.get(name, 0):.5f}" for bill in found.bills.values())] for name in names]
    rows.append(["total", *(f"{sum(bill.values()):.5f}" for bill in found.bills.values())])
    rows.append(["goal", *(f"{goal:.5f}" for goal in GOALS.values()), ""])
    head = ["$ per 1,000 turns, tokens left aside", *found.bills]
    return f"{show(head, rows)}\n\nPrices of {prices.values['date']}; not verified: {', '.join(prices.unverified)}."


def _tokens(found: Found, prices: Prices) -> str:
    rows = []
    for name, of in (("Troupe", found.ours), (f"the last {tokens.WHOLE_TURNS} turns whole", found.whole)):
        per_turn = [f"{count / tokens.TURNS:.0f}" for count in (of.input, of.cached, of.output)]
        dollars = of.dollars(prices.values["model"]) / tokens.TURNS * cost.THOUSAND
        rows.append([name, *per_turn, f"{of.cached_share:.0%}", f"{dollars:.3f}"])
    head = ["tokens per turn of 50", "in", "from cache", "out", "cached share", "$ per 1,000 turns"]
    return show(head, rows)


def _idle(prices: Prices) -> str:
    return show(["idle, $ per month", "list", "after what is free"], idle.rows(prices, idle.Declared.read()))


if __name__ == "__main__":
    sys.exit(main())
