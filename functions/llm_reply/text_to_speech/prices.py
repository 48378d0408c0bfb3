"""Prices of speech. The provider's bill is the truth."""

MINUTE_S, MILLION = 60, 1_000_000
# Characters a second, estimated low, so that the cost is estimated high.
CHARACTERS_PER_S = 11
# US dollars of developers.openai.com/api/docs/pricing, 25 November 2026, by the beginning of the model's name. A minute
# of gpt-realtime-2.1-mini is 1200 tokens of sound at $20 a million, and the few of its text.
PER_MINUTE = {"gpt-4o-mini-tts": 0.015, "gpt-realtime-2.1-mini": 0.025}
PER_MILLION_CHARACTERS = {"tts-1-hd": 30.0, "tts-1": 15.0}


def price(model: str, words: str, seconds: float | None = None) -> float:
    """In US dollars; 0 for a model whose price is not known.

    :param seconds: the length of the sound; None for an estimate
    """
    for name, dollars in PER_MILLION_CHARACTERS.items():
        if model.startswith(name):
            return dollars * len(words) / MILLION
    seconds = len(words) / CHARACTERS_PER_S if seconds is None else seconds
    return next((dollars * seconds / MINUTE_S for name, dollars in PER_MINUTE.items() if model.startswith(name)), 0)
