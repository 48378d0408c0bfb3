"""The cost of a request to the model: an estimate before it, the tokens that the provider reports after it."""

import math

from functions.llm_reply import settings
from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.llm.prices import PRICES, Price
from functions.llm_reply.llm.stream_events import Piece, Usage
from functions.llm_reply.prompting.attached import pictures_in
from functions.llm_reply.prompting.prompt import Prompt
from troupe.spending.money import nanodollars
from troupe.tokens import tokens

# A model without a known price, as one on the operator's own machine, costs nothing.
FREE = Price(0, 0, 0, 0)
# For a picture of 1280 by 960 pixels, estimated high. The provider's count has the real number.
PICTURE_TOKENS = 1500
PRICE = Price.parse(settings.openai_prices) if settings.openai_prices else PRICES.get(settings.openai_model, FREE)


def _price_of(usage: Usage) -> Price:
    """The price of the model that the usage names, or of the chosen one."""
    return PRICES.get(str(usage.get("model")), PRICE)


class Bill:
    """The cost so far of an answer that comes in pieces."""

    def __init__(self, prompt: Prompt, max_tokens: int) -> None:
        words = tokens(prompt.instructions) + sum(tokens(line.text) for line in prompt.lines)
        self._input = words + PICTURE_TOKENS * len(pictures_in(prompt))
        # All of the prompt may be written to the provider's cache, at that price.
        self.estimate = max(self._price(max_tokens), self._price(max_tokens, written=self._input))
        self._bytes = 0
        self._usage: Usage | None = None

    def add(self, piece: Piece) -> None:
        self._bytes += len(piece.text.encode())
        self._usage = piece.usage or self._usage

    def cost(self, error: BaseException | None) -> int:
        """In nanodollars. An answer that was stopped early has no token counts: the lengths of its texts count then."""
        if self._usage:
            return nanodollars(_price_of(self._usage).of(self._usage))
        if self._bytes or error is None:
            return self._price(math.ceil(self._bytes / 4))
        # A provider bills no request that it refuses. After any other error it may have billed all of it.
        return 0 if isinstance(error, ModelError) and not error.may_be_billed else self.estimate

    def _price(self, output: int, written: int = 0) -> int:
        return nanodollars(PRICE.of({"input": self._input, "written": written, "output": output}))
