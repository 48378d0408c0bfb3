"""What the model's work took: tokens, money and time, as metrics."""

from functions.llm_reply import settings
from functions.llm_reply.llm.prices import PRICES, Price
from functions.llm_reply.llm.stream_events import Usage
from troupe.observability import count, spent, took

_price = Price.parse(settings.openai_prices) if settings.openai_prices else PRICES.get(settings.openai_model)


def record_answer(usage: Usage) -> None:
    """Of an answer that somebody waited for."""
    if usage.get("first_word_ms") is not None:
        took("ModelFirstWord", int(usage["first_word_ms"] or 0))
    took("ModelTotal", int(usage["total_ms"] or 0))
    record_usage(usage)


def record_usage(usage: Usage) -> None:
    """Of anything the model was asked. A compatible server may leave the tokens out of its answer."""
    if usage.get("output") is None:
        return
    count("TokensIn", int(usage["input"] or 0))
    count("TokensCached", int(usage["cached"] or 0))
    count("TokensOut", int(usage["output"] or 0))
    if _price:
        spent("EstimatedSpend", _price.of(usage))
