"""An answer in the format of Chat Completions: one object, or chunks and [DONE]."""

import time
import uuid
from typing import Any

from local.llm.answer import Answer
from local.llm.sse import Frame
from local.llm.usage import Usage

_FINISH_REASONS = {"stop": "stop", "max_output_tokens": "length", "content_filter": "content_filter"}


class CompletionReply:
    def __init__(self, body: dict[str, Any], answer: Answer, usage: Usage) -> None:
        self.answer = answer
        self._usage = usage
        self._usage_wanted = bool((body.get("stream_options") or {}).get("include_usage"))
        self._head = {
            "id": f"chatcmpl-{uuid.uuid4().hex}",
            "created": int(time.time()),
            "model": body["model"],
            "service_tier": "default",
            "system_fingerprint": None,
        }

    def whole(self) -> dict[str, Any]:
        text = self.answer.text
        content, refused = (None, text) if self.answer.is_refusal else (text, None)
        message: dict[str, Any] = {"role": "assistant", "content": content, "refusal": refused, "annotations": []}
        choice = {"index": 0, "message": message, "logprobs": None, "finish_reason": self._finish_reason()}
        return self._head | {"object": "chat.completion", "choices": [choice], "usage": self._usage_json()}

    def failed(self, code: str, message: str) -> None:
        """Returns None: a failed completion is an HTTP error."""

    def head(self) -> list[Frame]:
        return [self._chunk({"role": "assistant", "content": "", "refusal": None})]

    def deltas(self) -> list[Frame]:
        field = "refusal" if self.answer.is_refusal else "content"
        return [self._chunk({field: delta}) for delta in self.answer.deltas]

    def tail(self) -> list[Frame]:
        usage = [Frame(None, self._chunk_of([]) | {"usage": self._usage_json()})] if self._usage_wanted else []
        return [self._chunk({}, self._finish_reason()), *usage, Frame(None, "[DONE]")]

    def error_frame(self, code: str, message: str, *, nested: bool) -> Frame:
        del nested  # an error has one format here
        return Frame(None, _error(code, message))

    def failed_frame(self, code: str, message: str) -> Frame:
        return Frame(None, _error(code, message))

    def _finish_reason(self) -> str:
        return _FINISH_REASONS[self.answer.finish]

    def _chunk(self, delta: dict[str, Any], finish_reason: str | None = None) -> Frame:
        choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
        return Frame(None, self._chunk_of([choice]))

    def _chunk_of(self, choices: list[dict[str, Any]]) -> dict[str, Any]:
        return self._head | {"object": "chat.completion.chunk", "choices": choices}

    def _usage_json(self) -> dict[str, Any]:
        usage = self._usage
        return {
            "prompt_tokens": usage.input,
            "completion_tokens": usage.output,
            "total_tokens": usage.input + usage.output,
            "prompt_tokens_details": {"cached_tokens": usage.cached, "cache_write_tokens": usage.written},
            "completion_tokens_details": {"reasoning_tokens": 0},
        }


def _error(code: str, message: str) -> dict[str, Any]:
    return {"error": {"message": message, "type": code, "param": None, "code": code}}
