"""The model, over OpenAI's Responses API; over Chat Completions for compatible servers that have nothing else."""

import json
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import AbstractAsyncContextManager, aclosing
from dataclasses import dataclass
from typing import Any

import openai
from openai import AsyncAPIResponse, AsyncOpenAI, AsyncStream

from functions.llm_reply.failures import BrokenStreamError, EmptyAnswerError
from functions.llm_reply.llm.reasoning import strip_reasoning
from functions.llm_reply.llm.stream_events import Piece, Usage, of_completions, of_responses
from functions.llm_reply.prompting.prompt import ChatMessage, Prompt
from troupe.observability import logger

# Generous: the prompt asks for short answers, and a cut one is worse than a long one.
MAX_OUTPUT_TOKENS = 2000

Streaming = AbstractAsyncContextManager[AsyncAPIResponse[Any]]


@dataclass(frozen=True)
class Generated:
    """The answer and what it cost: model, tokens (input, cached, written to the cache, output), and times from the
    request in milliseconds.
    """

    text: str
    usage: Usage


class Model:
    """Remembers for the life of the process what the server behind it does not understand."""

    def __init__(self, client: AsyncOpenAI, name: str) -> None:
        self._client = client
        self._name = name
        self._refused_parameters: set[str] = set()
        self._has_responses = True

    async def generate(self, prompt: Prompt, on_text: Callable[[str], None], timeout_s: float) -> Generated:
        """`on_text` is given the whole text so far, each time it grows.

        :raises openai.OpenAIError: also httpx2.HTTPError and the errors that `failures` declares
        """
        started = time.monotonic()
        text, usage, first_word_ms = "", Usage(), None
        async with aclosing(self._stream(prompt, timeout_s)) as pieces:
            async for piece in pieces:
                usage = piece.usage or usage
                if piece.text:
                    first_word_ms = first_word_ms or _ms_since(started)
                    text += piece.text
                    on_text(text)
        answer = strip_reasoning(text)
        if not answer:
            raise EmptyAnswerError
        times: Usage = {"first_word_ms": first_word_ms, "total_ms": _ms_since(started)}
        return Generated(answer, {"model": self._name, **usage, **times})

    async def _stream(self, prompt: Prompt, timeout_s: float) -> AsyncGenerator[Piece]:
        """Drops what the server says it cannot take, and asks again: such a refusal comes before any text."""
        while True:
            try:
                async with aclosing(self._pieces(prompt, timeout_s)) as pieces:
                    async for piece in pieces:
                        yield piece
            except openai.BadRequestError as error:
                if not self._drop(error):
                    raise
            except openai.NotFoundError as error:
                if not self._has_responses or error.code == "model_not_found":
                    raise
                logger.warning("The model's server has no Responses API: using Chat Completions")
                self._has_responses = False
            except json.JSONDecodeError as error:
                # The client lets it through bare.
                raise BrokenStreamError("an event that is no JSON") from error
            else:
                return

    def _drop(self, error: openai.BadRequestError) -> bool:
        """True if the refusal names a parameter that an answer can do without, and that was not dropped before."""
        name = (error.param or "").split(".")[0]
        optional = {"reasoning", "reasoning_effort", "store", "prompt_cache_key", "safety_identifier",
                    "max_output_tokens", "max_completion_tokens", "stream_options"}  # fmt: skip
        if error.code == "context_length_exceeded" or name not in optional - self._refused_parameters:
            return False
        logger.warning("The model refuses a parameter: leaving it out from now on", extra={"parameter": name})
        self._refused_parameters.add(name)
        return True

    def _accepted(self, **parameters: Any) -> dict[str, Any]:
        return {name: value for name, value in parameters.items() if name not in self._refused_parameters}

    async def _pieces(self, prompt: Prompt, timeout_s: float) -> AsyncGenerator[Piece]:
        ask, meaning = (self._responses, of_responses) if self._has_responses else (self._completions, of_completions)
        finished = False
        async with ask(prompt, timeout_s) as response:
            async for event in await response.parse(to=AsyncStream[object]):
                piece = meaning(event)
                finished = finished or piece.finished
                yield piece
        if not finished:
            raise BrokenStreamError("the stream ended before the answer did")

    def _responses(self, prompt: Prompt, timeout_s: float) -> Streaming:
        request = self._accepted(
            model=self._name,
            instructions=prompt.instructions,
            input=[{"type": "message", "role": line.role, "content": line.text} for line in prompt.lines],
            reasoning={"effort": "none"},
            max_output_tokens=MAX_OUTPUT_TOKENS,
            store=False,
            prompt_cache_key=prompt.cache_key,
            safety_identifier=prompt.person,
        )
        return self._client.responses.with_streaming_response.create(**request, stream=True, timeout=timeout_s)

    def _completions(self, prompt: Prompt, timeout_s: float) -> Streaming:
        # Few compatible servers know the developer role.
        lines = [ChatMessage("system", prompt.instructions), *prompt.lines]
        request = self._accepted(
            model=self._name,
            messages=[{"role": line.role.replace("developer", "system"), "content": line.text} for line in lines],
            reasoning_effort="none",
            max_completion_tokens=MAX_OUTPUT_TOKENS,
            stream_options={"include_usage": True},
        )
        return self._client.chat.completions.with_streaming_response.create(**request, stream=True, timeout=timeout_s)


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
