"""OpenAI's errors."""

import json
import uuid
from dataclasses import dataclass
from typing import Any

from aiohttp import web

# code -> status, type, message, as OpenAI sends them
_REFUSALS = {
    "invalid_api_key": (401, "invalid_request_error", "Incorrect API key provided."),
    "unsupported_country_region_territory": (403, "request_forbidden", "Country, region, or territory not supported"),
    "rate_limit_exceeded": (429, "requests", "Rate limit reached for requests. Please try again later."),
    "insufficient_quota": (
        429,
        "insufficient_quota",
        "You exceeded your current quota, please check your plan and billing details.",
    ),
    "server_error": (500, "server_error", "The server had an error while processing your request."),
    "server_overloaded": (503, "service_unavailable_error", "Our servers are currently overloaded."),
    "context_length_exceeded": (
        400,
        "invalid_request_error",
        "Your input exceeds the context window of this model. Please adjust your input and try again.",
    ),
    "unsupported_parameter": (
        400,
        "invalid_request_error",
        "Unsupported parameter: '{param}' is not supported with this model.",
    ),
    "invalid_prompt": (400, "invalid_request_error", "Invalid prompt: your prompt was flagged."),
    "moderation_blocked": (
        400,
        "image_generation_user_error",
        "Your request was rejected by the safety system. safety_violations=[sexual].",
    ),
    "model_not_found": (
        404,
        "invalid_request_error",
        "The requested model does not exist or you do not have access to it.",
    ),
}
_BY_STATUS = {status: code for code, (status, *_) in reversed(_REFUSALS.items()) if status != 400}  # noqa: PLR2004 - HTTP


@dataclass
class RefusedError(Exception):
    """The answer is an HTTP error in OpenAI's format."""

    status: int
    message: str
    code: str | None = None
    param: str | None = None
    type: str = "invalid_request_error"
    retry_after: float | None = None

    def body(self) -> dict[str, Any]:
        return {"message": self.message, "type": self.type, "param": self.param, "code": self.code}

    def response(self) -> web.Response:
        headers = {"x-request-id": f"req_{uuid.uuid4().hex}"}
        if self.retry_after is not None:
            headers["Retry-After"] = f"{self.retry_after:g}"
        text = json.dumps({"error": self.body()}, indent=2)
        return web.Response(status=self.status, text=text, content_type="application/json", headers=headers)


def refusal(
    *, status: int | None = None, code: str | None = None, param: str | None = None, retry_after: float | None = None
) -> RefusedError:
    """OpenAI's error for this code, or for this status if there is no code."""
    code = code or _BY_STATUS.get(status or 0)
    usual_status, kind, message = _REFUSALS.get(code or "", (400, "invalid_request_error", "The request failed."))
    return RefusedError(status or usual_status, message.format(param=param), code, param, kind, retry_after)
