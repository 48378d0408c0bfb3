"""What the events of a model's stream mean: of the Responses API, and of Chat Completions.

They are read as they come. To make objects of an answer's hundred events would take more time than all else about it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from functions.llm_reply.failures import BrokenStreamError, RefusedAnswerError

# Tokens (input, cached, written, output), the model's name and its times in milliseconds, as far as they are known.
Usage = dict[str, str | int | None]


@dataclass(frozen=True)
class Piece:
    """Some more of the text, the end of it, or the tokens it took; at times all of them."""

    text: str = ""
    finished: bool = False
    usage: Usage | None = None


NOTHING = Piece()


def of_responses(event: object) -> Piece:
    """:raises BrokenStreamError: the answer has failed, or this is no event; RefusedAnswerError if it was filtered"""
    match event:
        case {"type": "response.output_text.delta" | "response.refusal.delta", "delta": str(delta)}:
            return Piece(delta)
        case {"type": "response.completed" | "response.incomplete", "response": dict(response)}:
            if _object(response, "incomplete_details").get("reason") == "content_filter":
                raise RefusedAnswerError
            return Piece(finished=True, usage=_usage(response, "input", "output"))
        case {"type": "response.failed" | "error" as kind}:
            raise BrokenStreamError(kind)
        case {"type": str()}:
            return NOTHING
    raise BrokenStreamError("an event that is none")


def of_completions(chunk: object) -> Piece:
    """:raises BrokenStreamError: this is no chunk; RefusedAnswerError if the answer was filtered"""
    if not isinstance(chunk, dict):
        raise BrokenStreamError("a chunk that is none")
    usage = _usage(chunk, "prompt", "completion")
    match chunk.get("choices"):
        case [{"finish_reason": "content_filter"}, *_]:
            raise RefusedAnswerError
        case [dict(choice), *_]:
            delta = _object(choice, "delta")
            said = delta.get("content") or delta.get("refusal")
            return Piece(said if isinstance(said, str) else "", choice.get("finish_reason") is not None, usage)
    return Piece(usage=usage)


def _usage(of: Mapping[str, Any], asked: str, said: str) -> Usage | None:
    """None where a compatible server tells nothing of it."""
    used = _object(of, "usage")
    details = _object(used, f"{asked}_tokens_details")
    counts: Usage = {
        "input": used.get(f"{asked}_tokens"),
        "cached": details.get("cached_tokens", 0),
        "written": details.get("cache_write_tokens", 0),
        "output": used.get(f"{said}_tokens"),
    }
    return counts if all(isinstance(count, int) for count in counts.values()) else None


def _object(of: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    found = of.get(name)
    return found if isinstance(found, dict) else {}
