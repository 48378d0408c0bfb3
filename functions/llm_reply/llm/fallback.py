"""Asks the chosen model; the fallback model while the chosen one is gone, over quota or down."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace

from functions.llm_reply.failures import Failure
from functions.llm_reply.llm.breaker import ANSWERS, Breaker
from functions.llm_reply.llm.client import Model
from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.llm.generation import Generated, Request
from functions.llm_reply.llm.stream_events import Piece
from functions.llm_reply.outcome_metrics import fallback_answered, model_failed
from troupe import model_state, tables
from troupe.observability import logger

# Seconds that an answer takes at least. With less left the queue repeats the job, and the breaker is open by then.
MIN_LEFT_S = 5


class ModelWithFallback:
    """:param tell: called with a notice and its facts when the fallback begins to answer; once for all processes"""

    def __init__(self, chosen: Model, fallback: Model | None, tell: Callable[..., Awaitable[object]]) -> None:
        self._chosen, self._fallback, self._tell = chosen, fallback, tell
        self._breaker = Breaker()

    async def generate(self, request: Request) -> Generated:
        """As `Model.generate`. Each change of the model is logged."""
        if self._fallback is None:
            return await self._chosen.generate(request)
        until = time.monotonic() + request.timeout_s
        if self._breaker.lets_through():
            try:
                generated = await self._chosen.generate(request)
            except ModelError as error:
                if error.failure.name in ANSWERS:
                    await self._note_success()
                    raise
                if not await self._may_fall_back(self._fallback, error.failure):
                    raise
                if until - time.monotonic() < MIN_LEFT_S:
                    raise
                model_failed(error.failure, final=True)
            except BaseException:
                self._breaker.failed(None)
                raise
            else:
                await self._note_success()
                return generated
        generated = await self._fallback.generate(_to(self._fallback.name, request, until - time.monotonic()))
        fallback_answered()
        return generated

    async def _may_fall_back(self, fallback: Model, failure: Failure) -> bool:
        was_open = self._breaker.is_open
        if not self._breaker.failed(failure):
            return False
        if not was_open:
            names = {"model": self._chosen.name, "fallback": fallback.name}
            logger.warning("The fallback model answers from now on", extra={**names, "failure": failure.name})
            with suppress(*tables.ERRORS):
                if await asyncio.to_thread(model_state.note_fallback, fallback.name, failure.name):
                    await self._tell("fallback_begins", **names, failure=failure.name)
        return True

    async def _note_success(self) -> None:
        if not self._breaker.succeeded():
            return
        logger.warning("The chosen model answers again", extra={"model": self._chosen.name})
        with suppress(*tables.ERRORS):
            await asyncio.to_thread(model_state.note_return)


def _to(model: str, request: Request, left_s: float) -> Request:
    """The usage names the model that answered, so that the bill has that model's price."""

    def named(piece: Piece) -> None:
        request.on_piece(replace(piece, usage={**piece.usage, "model": model}) if piece.usage else piece)

    return replace(request, timeout_s=left_s, on_piece=named)
