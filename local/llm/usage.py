"""Estimated token counts and prompt caching: good enough for budgets, not for bills."""

from collections import OrderedDict
from dataclasses import dataclass

_MIN_CACHED = 1024  # tokens: https://developers.openai.com/api/docs/guides/prompt-caching
_CACHE_STEP = 128
_BYTES_PER_TOKEN = 4
_MAX_PROMPTS_KEPT = 200


@dataclass(frozen=True)
class Usage:
    input: int
    cached: int
    output: int

    @property
    def written(self) -> int:
        """Tokens written to the cache; 0 if the prompt is too short to cache."""
        return self.input - self.cached if self.input >= _MIN_CACHED else 0


def tokens_in(text: str) -> int:
    return -(-len(text.encode()) // _BYTES_PER_TOKEN)


class PromptCache:
    """Keeps the last prompt of each model and prompt_cache_key. The shared start of a new prompt counts as cached."""

    def __init__(self) -> None:
        self._prompts: OrderedDict[tuple[str, str], bytes] = OrderedDict()

    def cached_tokens(self, model: str, key: str | None, prompt: str) -> int:
        """Also keeps the prompt for the next request."""
        place = (model, key or "")
        now = prompt.encode()
        before = self._prompts.pop(place, b"")
        self._prompts[place] = now
        while len(self._prompts) > _MAX_PROMPTS_KEPT:
            self._prompts.popitem(last=False)
        shared = _common_start(before, now) // _BYTES_PER_TOKEN
        return shared // _CACHE_STEP * _CACHE_STEP if shared >= _MIN_CACHED else 0


def _common_start(one: bytes, other: bytes) -> int:
    """Length in bytes."""
    length = min(len(one), len(other))
    return next((index for index in range(length) if one[index] != other[index]), length)
