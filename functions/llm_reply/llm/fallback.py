"""Asks the chosen model; the fallback model while the chosen one is gone, over quota or down."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from functools import partial

from functions.llm_reply.failures import Failure
from functions.llm_reply.llm.breaker import ANSWERS, Breaker
from functions.llm_reply.llm.client import MAX_OUTPUT_TOKENS, Generated, Model
from functions.llm_reply.llm.errors import ModelError
from functions.llm_reply.llm.interruption import Interruption
from functions.llm_reply.llm.stream_events import Piece
from functions.llm_reply.outcome_metrics import fallback_answered, model_failed
from functions.llm_reply.prompting.prompt import Prompt
from troupe import model_state, tables
from troupe.observability import logger

# Seconds that an answer takes at least. With less left the queue repeats the job, and the breaker is open by then.
MIN_LEFT_S = 5


class ModelWithFallback:
    """:param tell: called with a notice and its facts when the fallback begins to answer; once for all processes"""

    def __init__(self, chosen: Model, fallback: Model | None, tell: Callable[..., Awaitable[object]]) -> None:
        self._chosen, self._fallback, self._tell = chosen, fallback, tell
        self._breaker = Breaker()

    async def generate(
        self,
        prompt: Prompt,
        on_text: Callable[[str], None],
        timeout_s: float,
        max_tokens: int = MAX_OUTPUT_TOKENS,
        *,
        on_piece: Callable[[Piece], None] = lambda _: None,
        interruption: Interruption | None = None,
    ) -> Generated:
        """As `Model.generate`. Each change of the model is logged."""
        ask = partial(self._chosen.generate, prompt, on_text, max_tokens=max_tokens, interruption=interruption)
        if self._fallback is None:
            return await ask(timeout_s=timeout_s, on_piece=on_piece)
        until = time.monotonic() + timeout_s
        if self._breaker.lets_through():
            try:
                generated = await ask(timeout_s=timeout_s, on_piece=on_piece)
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
        name = self._fallback.name
        ask = partial(self._fallback.generate, prompt, on_text, max_tokens=max_tokens, interruption=interruption)
        generated = await ask(timeout_s=until - time.monotonic(), on_piece=lambda piece: on_piece(_named(piece, name)))
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


def _named(piece: Piece, model: str) -> Piece:
    """So that the bill has the price of the model that answered."""
    return replace(piece, usage={**piece.usage, "model": model}) if piece.usage else piece
