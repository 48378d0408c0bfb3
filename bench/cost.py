"""Dollars per 1,000 turns: counted and measured quantities, times the list prices of prices.toml."""

import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.counts import Counts
from bench.durations import Durations

PRICES = Path(__file__).with_name("prices.toml")
THOUSAND, GB = 1000, 1e9
MB_PER_GB = 1024
# Changes of a turn's row: stored, answered, delivered.
CHANGES = 3
STREAM_BATCH = 100
MONTH_S = 30 * 24 * 3600

Bill = dict[str, float]


@dataclass(frozen=True)
class Prices:
    values: dict[str, Any]

    @classmethod
    def read(cls) -> "Prices":
        return cls(tomllib.loads(PRICES.read_text(encoding="utf-8")))

    def dollars(self, name: str) -> float:
        return float(self.values[name]["dollars"])

    def free(self, name: str) -> float:
        """The account's monthly free allowance."""
        return float(self.values[name]["free"])

    def assumed(self, name: str) -> float:
        return float(self.values["assumed"][name])

    @property
    def unverified(self) -> list[str]:
        return [
            name for name, price in self.values.items() if isinstance(price, dict) and price.get("verified") is False
        ]


def run(prices: Prices, memory_mb: float, seconds: float) -> float:
    """One invocation."""
    compute = memory_mb / MB_PER_GB * seconds * prices.dollars("lambda_gb_second")
    return compute + prices.dollars("lambda_request")


def bill(prices: Prices, counts: Counts, durations: Durations, memory: dict[str, int]) -> Bill:
    """Dollars per 1,000 turns without tokens."""
    of, turns = prices.dollars, counts.turns
    replies, webhooks = counts.invocations["llm_reply"], counts.invocations["webhook"]
    waits = prices.assumed("aws_s") * sum(counts.aws_calls.values())
    webhook_waits = prices.assumed("aws_s") * sum(
        calls for name, calls in counts.aws_calls.items() if name.startswith("webhook")
    )
    reply_waits = (waits - webhook_waits) / turns + prices.assumed("telegram_s")
    batches = turns * CHANGES / STREAM_BATCH
    logs = counts.log_bytes + prices.assumed("access_log_bytes") * turns
    events = turns * CHANGES * durations.change_bytes / durations.changes
    answers = counts.webhook_answer_bytes + prices.assumed("response_head_bytes") * turns
    total = {
        "reply function": replies * run(prices, memory["llm_reply"], durations.reply + reply_waits),
        "table writes": counts.units_written * of("write_unit"),
        "queue": counts.fifo_requests * of("fifo_request"),
        "HTTP API": webhooks * of("http_api_request"),
        "logs": logs * of("log_gb") / GB,
        "egress": (sum(counts.sent.values()) + answers + events) * of("egress_gb") / GB,
        "table reads": counts.units_read * of("read_unit"),
        "webhook": webhooks * run(prices, memory["webhook"], durations.webhook + webhook_waits / webhooks),
        "analytics": batches * run(prices, memory["analytics"], durations.analytics * STREAM_BATCH / durations.changes),
    }
    return {name: dollars * THOUSAND / turns for name, dollars in total.items()}


def naive_bill(prices: Prices, model_s: float) -> Bill:
    """The same rows for the design that prices.toml describes."""
    of, naive = prices.dollars, prices.values["naive"]
    units = naive["history_bytes"] / 1024
    per_turn = {
        "reply function": run(prices, naive["reply_memory_mb"], model_s + naive["reply_overhead_s"]),
        "table writes": naive["rewrites"] * units * of("write_unit"),
        "queue": naive["fifo_requests"] * of("fifo_request"),
        "HTTP API": naive["rest_api_request"] * of("rest_api_request"),
        "logs": naive["log_bytes"] * of("log_gb") / GB,
        "egress": naive["egress_bytes"] * of("egress_gb") / GB,
        "table reads": naive["reads"] * units / 4 * of("read_unit"),
        "webhook": run(prices, naive["webhook_memory_mb"], naive["webhook_s"]),
        "traces": naive["traces"] * of("trace"),
    }
    return {name: dollars * THOUSAND for name, dollars in per_turn.items()}
