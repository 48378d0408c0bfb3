"""The models, their shutdown dates, and the parameters that each refuses.

Shutdown dates: https://developers.openai.com/api/docs/deprecations
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Any

from local.llm.checks import supported
from local.llm.errors import RefusedError

_EFFORTS = ("none", "low", "medium", "high", "xhigh", "max")
_SAMPLING = ("temperature", "top_p", "presence_penalty", "frequency_penalty", "top_logprobs", "logprobs", "logit_bias")


@dataclass(frozen=True)
class Model:
    """`efforts` is empty for a model without reasoning; `sampling` says when sampling parameters are accepted."""

    name: str
    shutdown: date | None = None
    efforts: tuple[str, ...] = _EFFORTS
    sampling: str = "never"  # "always", "never" or "without reasoning"
    context: int = 1_050_000

    def entry(self) -> dict[str, Any]:
        shutdown = self.shutdown.isoformat() if self.shutdown else None
        return {"id": self.name, "object": "model", "created": 0, "owned_by": "openai", "shutdown_date": shutdown}

    def gone(self) -> bool:
        return self.shutdown is not None and datetime.now(UTC).date() >= self.shutdown


def _gpt4(name: str, shutdown: date) -> Model:
    return Model(name, shutdown, efforts=(), sampling="always", context=128_000)


_GPT5_END = date(2026, 12, 11)
_GPT4_END = date(2027, 1, 14)
_SPEECH_END = date(2027, 1, 6)
_OLD_END = date(2026, 10, 23)
CATALOGUE = {
    model.name: model
    for model in (
        *(Model(name) for name in ("gpt-6-luna", "gpt-6-sol", "gpt-6-astra", "gpt-6.1-terra", "gpt-6.2-astra")),
        *(Model(name, sampling="without reasoning") for name in ("gpt-5.6-luna", "gpt-5.6-terra", "gpt-5.6-sol")),
        *(
            Model(name, _GPT5_END, ("minimal", "low", "medium", "high"), context=400_000)
            for name in ("gpt-5", "gpt-5-mini", "gpt-5-nano")
        ),
        *(_gpt4(name, _GPT4_END) for name in ("gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-4.1-mini")),
        *(_gpt4(name, _OLD_END) for name in ("gpt-3.5-turbo", "gpt-4", "gpt-4-turbo", "gpt-4.1-nano", "o4-mini")),
        Model("omni-moderation-latest", efforts=()),
        *(Model(name, _SPEECH_END, efforts=()) for name in ("gpt-4o-mini-tts", "tts-1", "tts-1-hd")),
        Model("gpt-realtime-2.1-mini", efforts=()),
    )
}


def find_model(name: str) -> Model:
    """:raises RefusedError: 404, unknown or shut down"""
    model = CATALOGUE.get(name)
    if model is None:
        message = f"The model `{name}` does not exist or you do not have access to it."
        raise RefusedError(404, message, "model_not_found")
    if model.gone():
        message = f"The model `{name}` has been deprecated, learn more here: https://developers.openai.com/api/docs/deprecations"
        raise RefusedError(404, message, "model_not_found")
    return model


def check_fits(model: Model, body: Mapping[str, Any], effort: str | None, effort_name: str) -> None:
    """:raises RefusedError: 400, this model does not accept a parameter"""
    if effort is not None and not model.efforts:
        raise _unsupported(effort_name)
    if effort is not None and effort not in model.efforts:
        message = (
            f"Unsupported value: '{effort}' is not supported with the '{model.name}' model. "
            f"Supported values are: {supported(list(model.efforts))}."
        )
        raise RefusedError(400, message, "unsupported_value", effort_name)
    samples = model.sampling == "always" or (model.sampling == "without reasoning" and effort == "none")
    for name in _SAMPLING:
        if body.get(name) is not None and not samples:
            raise _unsupported(name)
    if body.get("max_tokens") is not None and model.sampling != "always":
        raise _unsupported("max_tokens", " Use 'max_completion_tokens' instead.")


def _unsupported(name: str, advice: str = "") -> RefusedError:
    message = f"Unsupported parameter: '{name}' is not supported with this model.{advice}"
    return RefusedError(400, message, "unsupported_parameter", name)
