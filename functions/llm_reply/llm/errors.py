"""Errors of asking the model, each with its row of the policy in `failures`."""

import re
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import httpx2
import openai

from functions.llm_reply.failures import MAX_PATIENCE_S, MODEL_ATTEMPTS, REFUSED, Failure
from functions.llm_reply.llm import error_table
from functions.llm_reply.llm.error_table import kind_of

MAX_MESSAGE = 300
# Kinds that pass by themselves, with the number of attempts in all.
TRIES = {
    error_table.RATE_LIMIT: MODEL_ATTEMPTS, error_table.SERVER: MODEL_ATTEMPTS,
    error_table.CONNECTION: MODEL_ATTEMPTS, error_table.TIMEOUT: 2, error_table.NO_ENDPOINT: 2,
}  # fmt: skip
NAMES = {
    error_table.NO_ENDPOINT: error_table.UNKNOWN_MODEL, error_table.ROLES: error_table.REQUEST,
    error_table.BLIND: error_table.REQUEST, error_table.BAD_PICTURE: error_table.REQUEST,
}  # fmt: skip
TOO_LONG = Failure(error_table.CONTEXT)
WAIT = re.compile(r"(?:retry|try again) in (?:(\d+)m)?\s*([\d.]+)\s*(ms|s)", re.IGNORECASE)


class ModelError(Exception):
    """The model gave no answer. `failure` is the policy's row.

    `may_be_billed`: False if the provider has surely not worked on the request.
    """

    def __init__(self, failure: Failure, why: str = "", *, may_be_billed: bool = True) -> None:
        super().__init__(f"{failure.name}: {why}" if why else failure.name)
        self.failure = failure
        self.may_be_billed = may_be_billed


class RefusedRequestError(ModelError):
    """The server refused the request and gave a reason."""

    def __init__(self, said: "ProviderError") -> None:
        super().__init__(said.failure(), may_be_billed=False)
        self.said = said


@dataclass(frozen=True)
class ProviderError:
    """An error as a provider words it. `code` holds all its codes and types, `param` the parameter it is about."""

    status: int | None
    code: str
    message: str
    after_s: float | None = None
    param: str = ""

    @property
    def kind(self) -> str:
        return kind_of(self.status, self.code, self.message)

    def failure(self) -> Failure:
        kind = self.kind
        if kind == error_table.FILTERED:
            return REFUSED
        tries = TRIES.get(kind, 1)
        asked_s = _wait_s(self.message) if self.after_s is None else self.after_s
        after_s = asked_s if tries > 1 else None
        too_long = after_s is not None and after_s > MAX_PATIENCE_S
        return Failure(NAMES.get(kind, kind), tries=1 if too_long else tries, after_s=after_s)

    @classmethod
    def read(cls, body: object, status: int | None = None, after_s: float | None = None) -> "ProviderError":
        """Reads a body or event in any shape that servers send: an object, a list of one, bare text."""
        body = _first(body)
        if not isinstance(body, Mapping):
            return cls(status, "", _text(body), after_s)
        inner = _first(body.get("error"))
        if isinstance(inner, Mapping):
            outer = {name: value for name, value in body.items() if name != "error"}
            return cls.read({**outer, **inner}, status, after_s)
        codes = [body.get(name) for name in ("code", "type", "status")]
        nested = body.get("innererror"), body.get("metadata")
        codes += [part.get("code") for part in nested if isinstance(part, Mapping)]
        number = next((code for code in codes if isinstance(code, int) and 400 <= code < 600), None)  # noqa: PLR2004 - HTTP
        message = next((_text(body[name]) for name in ("message", "detail", "error", "msg") if body.get(name)), "")
        code = " ".join(str(code) for code in codes if code is not None)
        return cls(status or number, code, message, after_s, _text(body.get("param")))


@contextmanager
def translated() -> Iterator[None]:
    """Turns every error of the client into a ModelError.

    :raises ModelError: RefusedRequestError where the server has given a reason
    """
    try:
        yield
    except openai.APIStatusError as error:
        headers = error.response.headers
        said = ProviderError.read(error.body, error.status_code, _retry_after_s(headers))
        raise RefusedRequestError(said) from error
    except (openai.APITimeoutError, httpx2.TimeoutException, TimeoutError) as error:
        raise ModelError(Failure(error_table.TIMEOUT, tries=TRIES[error_table.TIMEOUT])) from error
    except (openai.OpenAIError, httpx2.HTTPError) as error:
        raise broken(type(error).__name__, may_be_billed=not _is_unconnected(error)) from error


def broken(why: str, *, may_be_billed: bool = True) -> ModelError:
    """The stream ended before the answer did, or it was no stream."""
    return ModelError(Failure(error_table.CONNECTION, tries=MODEL_ATTEMPTS), why, may_be_billed=may_be_billed)


def empty() -> ModelError:
    """The model has ended its answer without text."""
    return ModelError(Failure("model_empty", tries=2))


def filtered() -> ModelError:
    """The provider's filter stopped the answer. The text before that is not shown."""
    return ModelError(REFUSED)


def _is_unconnected(error: Exception) -> bool:
    return isinstance(error.__cause__ or error, httpx2.ConnectError)


def _first(value: object) -> object:
    return value[0] if isinstance(value, list) and value else value


def _text(value: object) -> str:
    if isinstance(value, Mapping | list):
        return re.sub(r"[{}\[\]\"']+", " ", str(value))[: 10 * MAX_MESSAGE]
    return str(value or "")[: 10 * MAX_MESSAGE]


def _retry_after_s(headers: Any) -> float | None:
    for name, unit in (("retry-after-ms", 1000), ("retry-after", 1)):
        value = headers.get(name, "")
        if value.replace(".", "", 1).isdecimal():
            return float(value) / unit
    return None


def _wait_s(message: str) -> float | None:
    found = WAIT.search(message)
    if not found or not found[2].replace(".", "", 1).isdecimal():
        return None
    seconds = float(found[2]) / (1000 if found[3].lower() == "ms" else 1)
    return 60 * int(found[1] or 0) + seconds
