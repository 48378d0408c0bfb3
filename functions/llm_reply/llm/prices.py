"""An estimate of an answer's cost, for the dashboard and its alarm. The provider's bill is the truth."""

from dataclasses import dataclass

from functions.llm_reply.llm.stream_events import Usage

MILLION = 1_000_000


@dataclass(frozen=True)
class Price:
    """US dollars per million tokens. `written` is for tokens put into the provider's cache."""

    input: float
    cached: float
    written: float
    output: float

    @classmethod
    def parse(cls, text: str) -> "Price":
        """Reads OPENAI_PRICES, in the order of the fields: 0.10/0.01/0.125/0.50."""
        return cls(*map(float, text.split("/")))

    def of(self, usage: Usage) -> float:
        tokens = {name: int(usage.get(name) or 0) for name in ("input", "cached", "written", "output")}
        plain = tokens["input"] - tokens["cached"] - tokens["written"]
        dollars = (
            plain * self.input
            + tokens["cached"] * self.cached
            + tokens["written"] * self.written
            + tokens["output"] * self.output
        )
        return dollars / MILLION


# Listed on 22 November 2026. OPENAI_PRICES gives the prices of another model; without it no cost is estimated.
PRICES = {
    # https://developers.openai.com/api/docs/models/gpt-6-luna
    "gpt-6-luna": Price(input=0.10, cached=0.01, written=0.125, output=0.50),
}
