"""The model as every job asks it: within the limits, and with what it costs booked."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from functions.llm_reply.llm.bill import Bill
from functions.llm_reply.llm.client import MAX_OUTPUT_TOKENS, Generated
from functions.llm_reply.llm.embeddings import Embeddings
from functions.llm_reply.llm.fallback import ModelWithFallback
from functions.llm_reply.llm.interruption import Interruption
from functions.llm_reply.prompting.prompt import Prompt
from troupe import tables
from troupe.observability import logger, spent
from troupe.spending import ledger
from troupe.spending.ledger import Booking, Spender
from troupe.spending.limits import LimitReachedError
from troupe.spending.money import dollars


class BookedModel:
    """`embeddings`: the model for vectors, if there is one."""

    def __init__(self, model: ModelWithFallback, embeddings: Embeddings | None = None) -> None:
        self._model = model
        self.embeddings = embeddings

    async def generate(
        self,
        prompt: Prompt,
        on_text: Callable[[str], None],
        timeout_s: float,
        max_tokens: int = MAX_OUTPUT_TOKENS,
        *,
        spender: Spender,
        interruption: Interruption | None = None,
    ) -> Generated:
        """As `ModelWithFallback.generate`.

        :raises LimitReachedError: the model was not asked
        """
        bill = Bill(prompt, max_tokens)
        booking = await _reserved(spender, bill.estimate)
        error: BaseException | None = None
        try:
            return await self._model.generate(
                prompt, on_text, timeout_s, max_tokens, on_piece=bill.add, interruption=interruption
            )
        except BaseException as failed:
            error = failed
            raise
        finally:
            await _settle(booking, bill.cost(error))


async def _reserved(spender: Spender, estimate: int) -> Booking:
    """:raises LimitReachedError: the model must not be asked"""
    reserving = asyncio.ensure_future(asyncio.to_thread(ledger.reserve, spender, estimate))
    try:
        return await asyncio.shield(reserving)
    except asyncio.CancelledError:
        # Moderation refuses the message. The thread goes on, and the model is not asked.
        with suppress(LimitReachedError, *tables.ERRORS):
            await _settle(await reserving, 0)
        raise


async def _settle(booking: Booking, cost: int) -> None:
    """A booking that can't be settled stays at its estimate: the person need not wait for an exact sum."""
    spent("EstimatedSpend", dollars(cost))
    try:
        await asyncio.to_thread(ledger.settle, booking, cost)
    except tables.ERRORS:
        logger.exception("A booking can't be settled")
