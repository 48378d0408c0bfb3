"""An answer in the format of the Responses API: one object, or a stream of events."""

import time
import uuid
from typing import Any

from local.llm.answer import Answer
from local.llm.sse import Frame
from local.llm.usage import Usage

_ECHOED = (
    "instructions",
    "max_output_tokens",
    "max_tool_calls",
    "prompt_cache_key",
    "safety_identifier",
    "user",
)
_OPENING = ("created", "in_progress")


class ResponsesReply:
    def __init__(self, body: dict[str, Any], answer: Answer, usage: Usage) -> None:
        self.answer = answer
        self._body = body
        self._usage = usage
        self._id = f"resp_{uuid.uuid4().hex}"
        self._item_id = f"msg_{uuid.uuid4().hex}"
        self._created_at = int(time.time())
        self._place = {"item_id": self._item_id, "output_index": 0, "content_index": 0}
        self._kind = "refusal" if answer.is_refusal else "output_text"
        self._logprobs: dict[str, Any] = {} if answer.is_refusal else {"logprobs": []}

    def whole(self) -> dict[str, Any]:
        status = "completed" if self.answer.finish == "stop" else "incomplete"
        output = [self._message(status, [self._part(self.answer.text)])] if self.answer.deltas else []
        reason = {"reason": self.answer.finish} if status == "incomplete" else None
        return self._response(status, output=output, incomplete_details=reason, usage=self._usage_json())

    def failed(self, code: str, message: str) -> dict[str, Any]:
        return self._response("failed", error={"code": code, "message": message})

    def head(self) -> list[Frame]:
        head = [Frame(f"response.{state}", {"response": self._response("in_progress")}) for state in _OPENING]
        if self.answer.deltas:
            item = self._message("in_progress", [])
            head.append(Frame("response.output_item.added", {"output_index": 0, "item": item}))
            head.append(Frame("response.content_part.added", self._place | {"part": self._part("")}))
        return head

    def deltas(self) -> list[Frame]:
        return [
            Frame(f"response.{self._kind}.delta", self._place | {"delta": delta} | self._logprobs)
            for delta in self.answer.deltas
        ]

    def tail(self) -> list[Frame]:
        whole = self.whole()
        ends = [Frame(f"response.{whole['status']}", {"response": whole})]
        if not self.answer.deltas:
            return ends
        text = {"refusal" if self.answer.is_refusal else "text": self.answer.text}
        return [
            Frame(f"response.{self._kind}.done", self._place | text | self._logprobs),
            Frame("response.content_part.done", self._place | {"part": self._part(self.answer.text)}),
            Frame("response.output_item.done", {"output_index": 0, "item": whole["output"][0]}),
            *ends,
        ]

    def error_frame(self, code: str, message: str, *, nested: bool) -> Frame:
        """OpenAI documents the fields at the top level; some servers send them under `error`."""
        error = {"code": code, "message": message, "param": None}
        return Frame("error", {"error": {"type": code, **error}} if nested else error)

    def failed_frame(self, code: str, message: str) -> Frame:
        return Frame("response.failed", {"response": self.failed(code, message)})

    def _message(self, status: str, content: list[dict[str, Any]]) -> dict[str, Any]:
        return {"id": self._item_id, "type": "message", "status": status, "role": "assistant", "content": content}

    def _part(self, text: str) -> dict[str, Any]:
        if self.answer.is_refusal:
            return {"type": "refusal", "refusal": text}
        return {"type": "output_text", "text": text, "annotations": [], "logprobs": []}

    def _usage_json(self) -> dict[str, Any]:
        usage = self._usage
        return {
            "input_tokens": usage.input,
            "input_tokens_details": {"cached_tokens": usage.cached, "cache_write_tokens": usage.written},
            "output_tokens": usage.output,
            "output_tokens_details": {"reasoning_tokens": 0},
            "total_tokens": usage.input + usage.output,
        }

    def _response(self, status: str, **known: Any) -> dict[str, Any]:
        body = self._body
        return {
            "id": self._id,
            "object": "response",
            "created_at": self._created_at,
            "completed_at": int(time.time()) if status == "completed" else None,
            "status": status,
            "background": False,
            "error": None,
            "incomplete_details": None,
            "model": body["model"],
            "output": [],
            "parallel_tool_calls": True,
            "previous_response_id": None,
            "reasoning": {"effort": (body.get("reasoning") or {}).get("effort"), "summary": None},
            "service_tier": "default",
            "store": body.get("store") is not False,
            "temperature": body.get("temperature", 1.0),
            "text": body.get("text") or {"format": {"type": "text"}, "verbosity": "medium"},
            "tool_choice": "auto",
            "tools": [],
            "top_logprobs": 0,
            "top_p": body.get("top_p", 1.0),
            "truncation": body.get("truncation") or "disabled",
            "usage": None,
            "metadata": body.get("metadata") or {},
            **{name: body.get(name) for name in _ECHOED},
            **known,
        }
