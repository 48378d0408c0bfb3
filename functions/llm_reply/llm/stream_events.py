"""The meaning of a stream's events, in the Responses API and in Chat Completions.

Events are read as plain dicts. Making objects of an answer's hundred events would take most of its CPU time.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal, Protocol

from functions.llm_reply.llm.errors import ProviderError, RefusedRequestError, broken, filtered
from functions.llm_reply.llm.sse import DONE

# The model can't see; or it refuses this picture.
Unseen = Literal["blind", "unreadable_picture"]
# Tokens (input, cached, written, output), the model's name and its times in milliseconds, as far as they are known.
Usage = dict[str, str | int | None]

# The end of an answer: whole, or cut by a limit of tokens.
WHOLE, CUT = "whole", "cut"
# Finish reasons of OpenAI and most others; of TGI; of Anthropic and Cohere behind gateways. If a model calls a tool,
# which we never offer, the text before the call is the answer.
FINISHED = {"stop", "eos_token", "stop_sequence", "end_turn", "complete", "completed", "tool_calls", "function_call"}
OUT_OF_TOKENS = {"length", "max_tokens", "max_output_tokens", "model_length"}
STOPPED_BY_FILTER = {
    "content_filter", "content_filtered", "safety", "sensitive", "refusal", "prohibited_content", "blocklist", "spii",
    "recitation",
}  # fmt: skip


@dataclass(frozen=True)
class Piece:
    """More text, the end of the answer (WHOLE or CUT), or its token counts; sometimes all of them.

    `is_refusal`: the model declines in its own words. `unseen`: why it was asked without the prompt's pictures.
    """

    text: str = ""
    end: str | None = None
    usage: Usage | None = None
    is_refusal: bool = False
    unseen: Unseen | None = None


NOTHING = Piece()


class Reader(Protocol):
    def read(self, event: object) -> Piece:
        """:raises ModelError: the answer has failed or was filtered, or this is no event"""


class ResponsesReader:
    """An answer may have several parts. Some servers send a part's text at its end only, or at the end of all."""

    def __init__(self) -> None:
        self._parts: set[tuple[object, object]] = set()
        self._part: tuple[object, object] | None = None

    def read(self, event: object) -> Piece:
        if event == DONE:
            return Piece(end=WHOLE) if self._parts else NOTHING
        if not isinstance(event, dict):
            raise broken("an event that is none")
        match event:
            case {"type": "response.output_text.delta" | "response.refusal.delta" as kind, "delta": str(delta)}:
                return self._more(_part(event), delta, is_refusal="refusal" in kind)
            case {"type": "response.output_text.done", "text": str(text)} if _part(event) not in self._parts:
                return self._more(_part(event), text)
            case {"type": "response.failed" | "error"}:
                raise RefusedRequestError(ProviderError.read(event.get("response", event)))
            case {"type": "response.completed" | "response.incomplete" | "response.done", "response": dict(response)}:
                return self._ended(response)
            case {"object": "response", "output": list()}:
                return self._ended(event)
            case {"error": dict() | list() | str()} | {"object": "error"}:
                raise RefusedRequestError(ProviderError.read(event))
            case {"type": str()}:
                return NOTHING
        raise broken("an event that is none")

    def _more(self, part: tuple[object, object], text: str, *, is_refusal: bool = False) -> Piece:
        another = self._part is not None and part != self._part
        self._part = part
        self._parts.add(part)
        return Piece(f"\n\n{text}" if another else text, is_refusal=is_refusal)

    def _ended(self, response: Mapping[str, Any]) -> Piece:
        if response.get("status") == "failed":
            raise RefusedRequestError(ProviderError.read(response))
        text = "" if self._parts else _output(response)
        reason = _object(response, "incomplete_details").get("reason")
        end = _end(reason) if isinstance(reason, str) else WHOLE
        return Piece(text, end, _usage(response, "input", "output"))


class CompletionsReader:
    def __init__(self) -> None:
        self._begun = False

    def read(self, event: object) -> Piece:
        if event == DONE:
            return Piece(end=WHOLE) if self._begun else NOTHING
        if not isinstance(event, dict):
            raise broken("a chunk that is none")
        if event.get("error") or event.get("object") == "error":
            raise RefusedRequestError(ProviderError.read(event))
        usage = _usage(event, "prompt", "completion")
        match event.get("choices"):
            case [dict(choice), *_]:
                return self._choice(choice, usage)
        return Piece(usage=usage)

    def _choice(self, choice: Mapping[str, Any], usage: Usage | None) -> Piece:
        reason = choice.get("finish_reason")
        end = _end(reason) if isinstance(reason, str) and reason not in {"", "null"} else None
        delta = _object(choice, "delta")
        if not delta and not self._begun:
            # The server does not stream.
            delta = _object(choice, "message")
            end = end or (WHOLE if delta else None)
        text, refusal = _content(delta.get("content")), delta.get("refusal")
        is_refusal = not text and isinstance(refusal, str) and bool(refusal)
        text = refusal if is_refusal and isinstance(refusal, str) else text
        self._begun = self._begun or bool(text)
        return Piece(text, end, usage, is_refusal=is_refusal)


def _end(reason: str) -> str:
    """:raises ModelError: the reason is a failure, or unknown"""
    reason = reason.lower()
    if reason in STOPPED_BY_FILTER:
        raise filtered()
    if reason in FINISHED:
        return WHOLE
    if reason in OUT_OF_TOKENS:
        return CUT
    raise broken("an end that is no good one")


def _part(event: Mapping[str, Any]) -> tuple[object, object]:
    output, content = event.get("output_index", event.get("item_id")), event.get("content_index")
    return str(output), str(content)


def _output(response: Mapping[str, Any]) -> str:
    output = response.get("output")
    items = [item for item in output if isinstance(item, dict)] if isinstance(output, list) else []
    said = [_content(item.get("content")) for item in items if item.get("type", "message") == "message"]
    return "\n\n".join(text for text in said if text)


def _content(content: object) -> str:
    """Bare text, or a list of parts of which some are thoughts."""
    if isinstance(content, str):
        return content
    parts = [part for part in content if isinstance(part, dict)] if isinstance(content, list) else []
    texts = [part.get("text") for part in parts if part.get("type", "text") in {"text", "output_text"}]
    return "".join(text for text in texts if isinstance(text, str))


def _usage(of: Mapping[str, Any], asked: str, said: str) -> Usage | None:
    """None if a compatible server does not report it."""
    used = _object(of, "usage")
    details = _object(used, f"{asked}_tokens_details")
    counts = {
        "input": used.get(f"{asked}_tokens"),
        "cached": details.get("cached_tokens"),
        "written": details.get("cache_write_tokens"),
        "output": used.get(f"{said}_tokens"),
    }
    if not any(isinstance(counts[name], int) for name in ("input", "output")):
        return None
    return {name: number if isinstance(number, int) else 0 for name, number in counts.items()}


def _object(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = of.get(name)
    return found if isinstance(found, dict) else {}
