"""Books a request to a model: reserved before the request, settled after it, also if it failed."""

import asyncio
from contextlib import suppress

from troupe import tables
from troupe.observability import logger, spent
from troupe.spending import ledger
from troupe.spending.ledger import Booking, Spender
from troupe.spending.limits import LimitReachedError
from troupe.spending.money import dollars


async def reserved(spender: Spender, estimate: int) -> Booking:
    """:param estimate: in nanodollars
    :raises LimitReachedError: the model must not be asked
    """
    reserving = asyncio.ensure_future(asyncio.to_thread(ledger.reserve, spender, estimate))
    try:
        return await asyncio.shield(reserving)
    except asyncio.CancelledError:
        # Moderation refuses the message. The thread goes on, and the model is not asked.
        with suppress(LimitReachedError, *tables.ERRORS):
            await settle(await reserving, 0)
        raise


async def settle(booking: Booking, cost: int) -> None:
    """A booking that can't be settled stays at its estimate: the person need not wait for an exact sum."""
    spent("EstimatedSpend", dollars(cost))
    try:
        await asyncio.to_thread(ledger.settle, booking, cost)
    except tables.ERRORS:
        logger.exception("A booking can't be settled")
