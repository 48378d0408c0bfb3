"""The findings of a flood: messages that reached the model, and waits of bystanders."""

import statistics
from dataclasses import dataclass, field


@dataclass
class Findings:
    """The flood's messages that the model was `asked` about and those `allowed` by the limits; its `requests`, two for
    a message if one timed out; by phase the `seconds` that it took and the bystanders' `waits` in seconds.

    `lost` messages are neither answered nor kept for a later answer. `overtook` is the largest number of messages in
    a phase that came before a bystander's and had no answer yet when it got one. Those over the limits get none.
    """

    allowed: int
    asked: int = 0
    requests: int = 0
    lost: int = 0
    overtook: dict[str, int] = field(default_factory=dict)
    seconds: dict[str, float] = field(default_factory=dict)
    waits: dict[str, list[float]] = field(default_factory=dict)

    def as_lines(self) -> list[str]:
        lines = {phase: self._as_line(phase) for phase in self.waits}
        lines["the flood"] = (
            f"{self.asked} messages put to the model, {self.allowed} allowed; {self.requests} requests, with those "
            f"that timed out; {self.lost} messages lost"
        )
        return [f"{name:<20} {text}" for name, text in lines.items()]

    def _as_line(self, phase: str) -> str:
        waits = self.waits[phase]
        rare = statistics.quantiles(waits, n=20, method="inclusive")[-1]
        return (
            f"{self.seconds[phase]:.0f} s; a bystander waits {statistics.median(waits):.2f} s at the median, more than "
            f"{rare:.2f} s once in twenty messages, {max(waits):.2f} s at most; {len(waits)} messages"
        )
