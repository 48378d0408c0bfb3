"""Vectors of texts from any server with OpenAI's /v1/embeddings: an option of EMBEDDINGS_MODEL, off by default."""

from collections.abc import Sequence

from openai import AsyncOpenAI, OpenAIError

from functions.llm_reply.llm.booking import reserved, settle
from troupe import tables
from troupe.observability import count, logger
from troupe.recall.vectors import quantised
from troupe.spending.ledger import Spender
from troupe.spending.limits import LimitReachedError
from troupe.spending.money import nanodollars
from troupe.tokens import tokens

MILLION = 1_000_000
# The model gets the first characters of a text: in a vector of a longer text, each subject weighs less.
MAX_TEXT = 1000
# Seconds that an answer waits for a vector. After that, recall uses the index alone.
MESSAGE_TIMEOUT_S, JOB_TIMEOUT_S = 1.5, 20


class Embeddings:
    """:param price: US dollars per million tokens"""

    def __init__(self, client: AsyncOpenAI, model: str, price: float) -> None:
        self._client, self.model, self._price = client, model, price

    async def of(self, texts: Sequence[str], spender: Spender, timeout_s: float = JOB_TIMEOUT_S) -> list[bytes] | None:
        """None at a limit, or if the server fails: recall goes on without vectors."""
        shown = [text[:MAX_TEXT] or " " for text in texts]
        cost = nanodollars(self._price * sum(map(tokens, shown)) / MILLION)
        try:
            booking = await reserved(spender, cost)
            try:
                return await self._ask(shown, timeout_s)
            finally:
                # An open booking would stay on the bot's row for the day, and make each write to it dearer.
                await settle(booking, cost)
        except (OpenAIError, LimitReachedError, *tables.ERRORS, AttributeError, TypeError, ValueError) as error:
            # The last three: the server answers 200 with something else than a vector for each text.
            count("EmbeddingsFailed")
            logger.warning("No vectors", extra={"reason": type(error).__name__})
            return None

    async def _ask(self, shown: Sequence[str], timeout_s: float) -> list[bytes]:
        answer = await self._client.embeddings.create(
            model=self.model, input=list(shown), encoding_format="float", timeout=timeout_s
        )
        found = sorted(answer.data, key=lambda each: each.index)
        return [quantised(each.embedding) for each, _ in zip(found, shown, strict=True)]
