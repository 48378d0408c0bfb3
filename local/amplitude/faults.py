"""Scripted faults of uploads."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, kw_only=True)
class Fault:
    """The next upload waits `hang` seconds, then gets a dropped connection, a malformed answer or an error status.

    `accepted`: the events are kept although `disconnect` or `malformed` loses the answer.
    `details` are further fields of the answer: `{"events_with_invalid_fields": {"time": [0]}}` with 400,
    `{"throttled_events": [1], "throttled_users": {"user-1": 31}}` with 429.
    """

    status: int | None = None
    error: str = "Scripted fault"
    details: dict[str, Any] | None = None
    hang: float = 0
    disconnect: bool = False
    malformed: bool = False
    accepted: bool = False
    times: int | None = 1  # None: from now on


_KINDS: dict[str, type | tuple[type, ...]] = {
    "status": (int, type(None)),
    "error": str,
    "details": (dict, type(None)),
    "hang": (int, float),
    "disconnect": bool,
    "malformed": bool,
    "accepted": bool,
    "times": (int, type(None)),
}


def fault_from_json(data: Any) -> Fault:
    """:raises ValueError: names the invalid field"""
    if not isinstance(data, dict):
        raise ValueError("a fault is an object")  # noqa: TRY004 - one error for all that is wrong with the data
    for name, value in data.items():
        if name not in _KINDS:
            raise ValueError(f"unknown field {name!r}; known are {', '.join(_KINDS)}")
        if not isinstance(value, _KINDS[name]):
            raise ValueError(f"{name} cannot be {value!r}")  # noqa: TRY004 - as above
    return Fault(**data)


class Faults:
    """A queue of faults. When it is empty, uploads succeed."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Fault, int | None]] = []

    def add(self, fault: Fault) -> None:
        self._waiting.append((fault, fault.times))

    def take(self) -> Fault:
        if not self._waiting:
            return Fault()
        fault, left = self._waiting[0]
        if left is not None:
            self._waiting[:1] = [(fault, left - 1)] if left > 1 else []
        return fault

    def clear(self) -> None:
        self._waiting.clear()
