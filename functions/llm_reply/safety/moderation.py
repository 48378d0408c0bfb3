"""Asks a server for a text's or picture's categories. If it fails or is slow, that is counted and the text passes."""

import asyncio
from collections.abc import Awaitable, Collection, Sequence
from urllib.parse import urlsplit

import openai
from openai import AsyncOpenAI
from openai.types import ModerationMultiModalInputParam

from functions.llm_reply.outcome_metrics import moderation_failed
from functions.llm_reply.safety import decisions
from troupe import tables
from troupe.observability import logger
from troupe.spending.ledger import Spender

MODEL = "omni-moderation-latest"
OPENAI_HOST = "api.openai.com"
# Seconds. Drafts and answers wait for the verdict as long as this.
TIMEOUT_S = 2
# A picture of 300 kB is longer under way.
PICTURES_TIMEOUT_S = 5
UNREACHABLE = (openai.OpenAIError, TimeoutError, *tables.ERRORS)


class Moderation:
    """:param setting: openai, decisions, off; or auto, which is openai for OpenAI's own server and off for others"""

    def __init__(self, client: AsyncOpenAI, setting: str, base_url: str) -> None:
        self._client = client
        auto = "openai" if urlsplit(base_url).hostname == OPENAI_HOST else "off"
        self.kind = auto if setting == "auto" else setting
        if self.kind == "openai":
            # The client loads this part of itself at its first use.
            _ = client.moderations
        elif self.kind == "decisions":
            _ = client.decisions

    async def flagged(self, text: str, spender: Spender, timeout_s: float = TIMEOUT_S) -> Collection[str] | None:
        """The categories that the text belongs to; None without a verdict.

        :param spender: its writer
        :raises LimitReachedError: a check costs money, and the server was not asked
        """
        if self.kind == "off" or not text.strip():
            return ()
        if self.kind == "decisions":
            return await self._answered(decisions.flagged(self._client, text, spender), timeout_s)
        return await self._answered(self._ask(text), timeout_s)

    async def flagged_in_pictures(self, pictures: Sequence[str], spender: Spender) -> Collection[str] | None:
        """As `flagged`, for data URLs. omni-moderation takes one picture in a request."""
        if self.kind == "off" or not pictures:
            return ()
        if self.kind == "decisions":
            return await self._answered(decisions.flagged(self._client, pictures, spender), PICTURES_TIMEOUT_S)
        asked = [
            self._answered(self._ask([{"type": "image_url", "image_url": {"url": picture}}]), PICTURES_TIMEOUT_S)
            for picture in pictures
        ]
        found = [each for each in await asyncio.gather(*asked) if each is not None]
        return {category for each in found for category in each} if found else None

    async def _answered(self, asking: Awaitable[Collection[str]], timeout_s: float) -> Collection[str] | None:
        try:
            async with asyncio.timeout(timeout_s):
                return await asking
        except (*UNREACHABLE, AttributeError, LookupError, TypeError, ValueError) as error:
            # The last four: the server answers 200 with something else than a verdict.
            logger.warning("Moderation failed; what it checks is let through", extra={"error": type(error).__name__})
            moderation_failed()
            return None

    async def _ask(self, checked: str | list[ModerationMultiModalInputParam]) -> Collection[str]:
        answer = await self._client.moderations.create(model=MODEL, input=checked)
        (result,) = answer.results
        return [
            name for name, is_flagged in result.categories.to_dict(use_api_names=True).items() if is_flagged is True
        ]
