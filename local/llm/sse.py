"""Server-sent events, framed as OpenAI does."""

import json
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Frame:
    """`kind` is the event's name in the Responses API, and None for a chunk of Chat Completions."""

    kind: str | None
    data: dict[str, Any] | str

    def encoded(self, sequence_number: int) -> bytes:
        if isinstance(self.data, str):
            return f"data: {self.data}\n\n".encode()
        if self.kind is None:
            return f"data: {_compact(self.data)}\n\n".encode()
        event = {"type": self.kind, "sequence_number": sequence_number, **self.data}
        return f"event: {self.kind}\ndata: {_compact(event)}\n\n".encode()

    def torn(self, sequence_number: int) -> bytes:
        """The event without the second half of its JSON."""
        event = self.encoded(sequence_number)
        return event[: (event.rindex(b"data: ") + len(event)) // 2] + b"\n\n"


def _compact(data: dict[str, Any]) -> str:
    return json.dumps(data, ensure_ascii=False, separators=(",", ":"))
