"""The cost of an answer of the model, by the tokens that its stream reports."""

import json

from functions.llm_reply.llm.prices import PRICES
from functions.llm_reply.llm.stream_events import ResponsesReader
from troupe.spending.money import nanodollars

PRICE = PRICES["gpt-6-luna"]
# No request costs more, and no estimate is higher: the longest answer to the longest prompt of a chaos run.
MAX_COST = nanodollars(PRICE.of({"input": 20_000, "written": 20_000, "output": 2000}))


def cost_of(stream: bytes) -> int | None:
    """In nanodollars. None if it is no answer, for example a verdict of moderation."""
    reader, cost = ResponsesReader(), None
    for line in stream.decode().splitlines():
        if line.startswith("data: {"):
            usage = reader.read(json.loads(line.removeprefix("data: "))).usage
            cost = nanodollars(PRICE.of(usage)) if usage else cost
    return cost
