"""The Bot API's errors."""

from typing import Any

Json = dict[str, Any]


class Refused(Exception):  # noqa: N818 - an answer of the Bot API, not a failure of the simulator
    """The answer is `{"ok": false}`; `code` is both the HTTP status and `error_code`."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after

    def body(self) -> Json:
        answer: Json = {"ok": False, "error_code": self.code, "description": self.description}
        if self.retry_after is not None:
            answer["parameters"] = {"retry_after": self.retry_after}
        return answer


def bad_request(reason: str) -> Refused:
    return Refused(400, f"Bad Request: {reason}")


def too_many_requests(retry_after: int) -> Refused:
    return Refused(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
