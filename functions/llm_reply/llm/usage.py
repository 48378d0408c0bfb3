"""Tokens and time of the model's work, as metrics."""

from functions.llm_reply.llm.stream_events import Usage
from troupe.observability import count, record_ms


def record_answer(usage: Usage) -> None:
    """Records an answer that a person waited for."""
    if usage.get("first_word_ms") is not None:
        record_ms("ModelFirstWord", int(usage["first_word_ms"] or 0))
    record_ms("ModelTotal", int(usage["total_ms"] or 0))
    record_usage(usage)


def record_usage(usage: Usage) -> None:
    """Records any request. A compatible server may not report tokens."""
    if usage.get("output") is None:
        return
    count("TokensIn", int(usage["input"] or 0))
    count("TokensCached", int(usage["cached"] or 0))
    count("TokensOut", int(usage["output"] or 0))
