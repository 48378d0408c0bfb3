"""A picture drawn from a description: OpenAI's image generation, or any server with the same endpoint."""

import base64
import binascii
import time
from dataclasses import dataclass, replace
from typing import Any

from openai import AsyncOpenAI

from functions.llm_reply.failures import PICTURE_REFUSED, REFUSED, UNDRAWN
from functions.llm_reply.llm.booking import reserved, settle
from functions.llm_reply.llm.error_log import log_refused
from functions.llm_reply.llm.errors import ModelError, RefusedRequestError, empty, translated
from functions.llm_reply.llm.server import Server
from functions.llm_reply.llm.stream_events import Usage
from functions.llm_reply.prompting.prompt import Prompt
from troupe.image_model import OFF
from troupe.observability import count, logger, record_ms
from troupe.spending.ledger import Spender
from troupe.spending.money import nanodollars
from troupe.tokens import tokens

# US dollars per million tokens of text in and of picture out: developers.openai.com/api/docs/pricing, 25 November
# 2026.
PRICES = {"gpt-image-2.6-flare": (5, 30), "gpt-image-2.6-sunburst": (5, 30)}
MILLION = 1_000_000
# Tokens of an upright picture, estimated high, for the booking. The answer has the real number.
TOKENS = {"low": 420, "medium": 1600, "high": 6300, "auto": 6300}
SQUARE, UPRIGHT = "1024x1024", "1024x1536"
# Statuses of a server that has no such endpoint, or no such model.
CANNOT_DRAW = (404, 405, 501)
# A photo for Telegram has at most 10 MB. OpenAI's JPEGs have some 300 kB.
MAX_BYTES = 10 * 2**20


@dataclass(frozen=True)
class Drawing:
    """The file, and what it cost: model, tokens (input, output) and milliseconds (total_ms)."""

    data: bytes
    usage: Usage


class ImageGeneration:
    """:param price: of a picture in US dollars, for a model without a known price"""

    def __init__(self, client: AsyncOpenAI, model: str, quality: str, price: float) -> None:
        self.model = model
        self._client, self._quality, self._price = client, quality, price
        self._server = Server()

    @property
    def is_on(self) -> bool:
        return self.model != OFF

    @property
    def obeys(self) -> bool:
        """Whether the model reads a long description, with rules in it."""
        return self.model.startswith(("gpt-image", "chatgpt-image"))

    async def draw(self, prompt: Prompt, size: str, timeout_s: float, spender: Spender) -> Drawing:
        """:param prompt: its instructions are the description
        :raises ModelError: there is no picture
        :raises LimitReachedError: the server was not asked
        """
        booking = await reserved(spender, self._estimate(prompt.instructions))
        cost = booking.estimate
        try:
            drawing = await self._ask(prompt, size, timeout_s)
            cost = self._cost(drawing.usage, cost)
        except RefusedRequestError as error:
            cost = 0
            log_refused(error, prompt)
            if known := _of_pictures(error):
                raise known from error
            raise
        except ModelError as error:
            # Another try might be paid for twice: only the person's Retry does that.
            cost, tries = (cost, 1) if error.may_be_billed else (0, error.failure.tries)
            raise ModelError(replace(error.failure, tries=tries), may_be_billed=error.may_be_billed) from error
        finally:
            await settle(booking, cost)
        return drawing

    async def _ask(self, prompt: Prompt, size: str, timeout_s: float) -> Drawing:
        """Asks again without a parameter that the server refuses."""
        began = time.monotonic()
        until = began + timeout_s
        while True:
            request = self._server.accepted(self._request(prompt, size))
            try:
                with translated():
                    answer: Any = await self._client.images.generate(
                        prompt=prompt.instructions, extra_body=request, timeout=max(1, until - time.monotonic())
                    )
                break
            except RefusedRequestError as error:
                if not self._server.drop_refused(error.said, request):
                    raise
        total_ms = round((time.monotonic() - began) * 1000)
        record_ms("ImageTotal", total_ms)
        return Drawing(_file_in(answer), {"model": self.model, **_tokens_in(answer), "total_ms": total_ms})

    def _request(self, prompt: Prompt, size: str) -> dict[str, Any]:
        """OpenAI's models have no `response_format`. Other servers' models need it to answer with a file."""
        asked = {"model": self.model, "size": size, "n": 1}
        if not self.obeys:
            return asked | {"response_format": "b64_json"}
        drawn = {"quality": self._quality, "output_format": "jpeg", "output_compression": 85}
        return asked | drawn | {"safety_identifier": prompt.person}

    def _estimate(self, description: str) -> int:
        if self.model not in PRICES:
            return nanodollars(self._price)
        read, drawn = PRICES[self.model]
        return nanodollars((tokens(description) * read + TOKENS[self._quality] * drawn) / MILLION)

    def _cost(self, usage: Usage, estimate: int) -> int:
        if self.model not in PRICES or usage.get("output") is None:
            return estimate
        read, drawn = PRICES[self.model]
        return nanodollars((int(usage["input"] or 0) * read + int(usage["output"] or 0) * drawn) / MILLION)


def _of_pictures(error: RefusedRequestError) -> ModelError | None:
    """The error of a refusal that means something else for a picture than for text; None for any other refusal."""
    if error.failure == REFUSED:
        count("PicturesRefused")
        return ModelError(PICTURE_REFUSED, may_be_billed=False)
    if error.said.status in CANNOT_DRAW:
        logger.error("The model's server can't draw", extra={"status": error.said.status})
        return ModelError(UNDRAWN, may_be_billed=False)
    return None


def _file_in(answer: Any) -> bytes:
    """:raises ModelError: the answer has no picture in it, or one that Telegram takes from nobody"""
    images = getattr(answer, "data", None) or [None]
    try:
        data = base64.b64decode(getattr(images[0], "b64_json", None) or "", validate=True)
    except (binascii.Error, ValueError, TypeError) as error:
        raise empty() from error
    if not 0 < len(data) <= MAX_BYTES:
        logger.error("The answer has no picture that can be sent", extra={"bytes": len(data)})
        raise empty()
    return data


def _tokens_in(answer: Any) -> Usage:
    """None if the server reports no count."""
    usage = getattr(answer, "usage", None)
    found = {name: getattr(usage, f"{name}_tokens", None) for name in ("input", "output")}
    return {name: value if isinstance(value, int) else None for name, value in found.items()}
