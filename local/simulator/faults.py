"""Scripted faults of Bot API calls."""

from dataclasses import dataclass, field
from typing import Literal

from local.simulator.refusal import Json, Refused

DESCRIPTIONS = {
    400: "Bad Request: simulated",
    401: "Unauthorized",
    403: "Forbidden: bot was blocked by the user",
    404: "Not Found",
    409: "Conflict: terminated by other getUpdates request",
    500: "Internal Server Error",
    502: "Bad Gateway",
}


@dataclass
class Fault:
    """Hits the next `times` calls of `method` (None: any) for `chat_id` (None: any).

    The call waits `hang` seconds. Then the connection closes (`disconnect`), the answer is no JSON (`malformed`), or it
    is `error_code`. Without any of these, the call is executed as usual. With `when="after"` the call is executed
    first, so its message shows although the caller gets an error.
    """

    method: str | None = None
    chat_id: int | None = None
    times: int = 1
    error_code: int | None = None
    description: str | None = None
    retry_after: int | None = None
    hang: float = 0
    disconnect: bool = False
    malformed: bool = False
    when: Literal["before", "after"] = "before"

    def matches(self, method: str, params: Json) -> bool:
        if self.method and self.method.lower() != method.lower():
            return False
        return self.chat_id is None or str(params.get("chat_id")) == str(self.chat_id)

    def refusal(self) -> Refused | None:
        if self.error_code is None:
            return None
        standard = DESCRIPTIONS.get(self.error_code, "simulated")
        if self.error_code == 429:  # noqa: PLR2004 - HTTP's Too Many Requests
            wait = self.retry_after or 1
            return Refused(429, self.description or f"Too Many Requests: retry after {wait}", retry_after=wait)
        return Refused(self.error_code, self.description or standard, retry_after=self.retry_after)


@dataclass
class Faults:
    waiting: list[Fault] = field(default_factory=list)

    def add(self, fault: Fault) -> None:
        self.waiting.append(fault)

    def clear(self) -> None:
        self.waiting.clear()

    def next_for(self, method: str, params: Json) -> Fault | None:
        """Returns the oldest fault that matches the call, and counts one use of it."""
        fault = next((each for each in self.waiting if each.matches(method, params)), None)
        if fault:
            fault.times -= 1
            if fault.times <= 0:
                self.waiting.remove(fault)
        return fault
