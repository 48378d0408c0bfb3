"""The script: behaviours for the next requests, in place of improvisation."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from typing import Any

from local.llm.calls import Call

ANSWERS = ("responses", "chat/completions")
CHECKS = ("moderations", "decisions")
_CHOICES = {
    "finish": ("stop", "max_output_tokens", "content_filter"),
    "fault": ("disconnect", "malformed", "error_event", "nested_error_event", "failed", "cut", None),
    "endpoint": (
        *ANSWERS,
        "moderations",
        "decisions",
        "transcriptions",
        "speech",
        "realtime",
        "images",
        "models",
        None,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Behaviour:
    """The answer to the next matching request.

    `status`, OpenAI's `code` or both name an HTTP error; `unsupported_parameter` refuses only requests with `param`,
    and so does a `raw` answer that has one.
    A `fault` strikes after `after` deltas of a stream. If `after` is None, "disconnect" strikes before the headers and
    the others before the first delta. "cut" ends the stream cleanly but without its last events. Times are seconds.
    `hang` is a wait before the answer, or before delta number `after`.
    """

    text: str | None = None  # None: improvise; "": an empty output
    refusal: str | None = None
    finish: str = "stop"
    status: int | None = None
    code: str | None = None
    param: str | None = None
    retry_after: float | None = None
    raw: str | bytes | None = None  # sent as it stands, with `status` or 200, instead of anything of ours
    raw_type: str = "text/event-stream"
    fault: str | None = None
    after: int | None = None
    hang: float = 0
    first_delay: float = 0
    delta_delay: float | None = None  # None: the model's usual pace
    flagged: tuple[str, ...] = ()  # moderation categories
    endpoint: str | None = None  # None: responses and chat/completions
    matching: str | Callable[[Call], bool] | None = None  # str: part of the person's last message
    times: int | None = 1  # None: from now on

    def __post_init__(self) -> None:
        for name, choices in _CHOICES.items():
            if getattr(self, name) not in choices:
                raise ValueError(f"{name} is one of {', '.join(map(str, choices))}, not {getattr(self, name)!r}")

    @property
    def is_refusal(self) -> bool:
        """Whether the answer is an HTTP error."""
        if self.raw is not None:
            return False
        return self.status is not None or (self.code is not None and self.fault is None)

    def fits(self, call: Call) -> bool:
        wanted = (self.endpoint,) if self.endpoint else (CHECKS if self.flagged else ANSWERS)
        if call.endpoint not in wanted:
            return False
        about_a_parameter = self.code == "unsupported_parameter" or self.raw is not None
        if about_a_parameter and self.param and not _carries(call.body, self.param):
            return False
        if callable(self.matching):
            return self.matching(call)
        return self.matching is None or self.matching in call.said


def _carries(body: Any, param: str) -> bool:
    for name in param.split("."):
        if not isinstance(body, dict) or body.get(name) is None:
            return False
        body = body[name]
    return True


class Script:
    """Behaviours waiting for their request, first come first served."""

    def __init__(self) -> None:
        self._waiting: list[tuple[Behaviour, int | None]] = []

    def add(self, behaviour: Behaviour) -> None:
        self._waiting.append((behaviour, behaviour.times))

    def clear(self) -> None:
        self._waiting.clear()

    def take(self, call: Call) -> Behaviour | None:
        for index, (behaviour, left) in enumerate(self._waiting):
            if behaviour.fits(call):
                if left is not None and left <= 1:
                    del self._waiting[index]
                elif left is not None:
                    self._waiting[index] = (behaviour, left - 1)
                return behaviour
        return None


_NUMBER = (int, float)
_JSON_TYPES: Mapping[str, type | tuple[type, ...]] = {
    **dict.fromkeys(
        ("text", "refusal", "finish", "code", "param", "raw", "raw_type", "fault", "endpoint", "matching"), str
    ),
    **dict.fromkeys(("status", "after", "times"), int),
    **dict.fromkeys(("retry_after", "hang", "first_delay", "delta_delay"), _NUMBER),
    "flagged": list,
}
_NULLABLE = {field.name for field in fields(Behaviour) if field.default is None} | {"times"}


def behaviour_from_json(data: Any) -> Behaviour:
    """:raises ValueError: names the field at fault"""
    if not isinstance(data, dict):
        raise ValueError("a behaviour is an object")  # noqa: TRY004 - one error for all that is wrong with the data
    for name, value in data.items():
        if name not in _JSON_TYPES:
            raise ValueError(f"unknown field {name!r}; known are {', '.join(sorted(_JSON_TYPES))}")
        if isinstance(value, bool) or not (
            isinstance(value, _JSON_TYPES[name]) or (value is None and name in _NULLABLE)
        ):
            raise ValueError(f"{name} cannot be {value!r}")
    given = dict(data)
    if "flagged" in given:
        given["flagged"] = tuple(given["flagged"])
    return Behaviour(**given)
