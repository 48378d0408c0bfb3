"""The model, over OpenAI's Responses API; over Chat Completions for compatible servers that have nothing else."""

import asyncio
import time
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from typing import Any

from openai import AsyncOpenAI

from functions.llm_reply.llm import sse
from functions.llm_reply.llm.error_log import log_refused
from functions.llm_reply.llm.errors import RefusedRequestError, broken, empty, translated
from functions.llm_reply.llm.interruption import Interruption, Why
from functions.llm_reply.llm.reasoning import Reasoning
from functions.llm_reply.llm.requests import completions_request, responses_request
from functions.llm_reply.llm.server import Server
from functions.llm_reply.llm.speech import Speech, to_sentence_end
from functions.llm_reply.llm.stream_events import CUT, CompletionsReader, Piece, ResponsesReader, Usage
from functions.llm_reply.prompting.prompt import Prompt
from troupe.observability import count

# Generous, because a cut answer is worse than a long one; the prompt asks for short ones.
MAX_OUTPUT_TOKENS = 2000


@dataclass(frozen=True)
class Generated:
    """The answer and what it cost: model, tokens (input, cached, written to the cache, output), and times from the
    request in milliseconds.

    `is_refusal`: the model has declined, in its own words. `stopped`: it was interrupted, and its text may be empty.
    """

    text: str
    usage: Usage
    is_refusal: bool = False
    stopped: Why | None = None


class Model:
    """Asks the server, and remembers for the life of the process what the server does not accept."""

    def __init__(self, client: AsyncOpenAI, name: str) -> None:
        self._client = client
        self.name = name
        self._server = Server()

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
        """Calls `on_text` with the whole answer so far, each time it grows, and `on_piece` with all that comes.

        :raises ModelError: there is no answer
        """
        try:
            with translated():
                async with asyncio.timeout(timeout_s):
                    stream = self._stream(prompt, timeout_s, max_tokens)
                    until = interruption or Interruption()
                    return await self._read(stream, prompt, on_text, on_piece, until=until)
        except RefusedRequestError as error:
            log_refused(error, prompt)
            raise

    async def _read(
        self,
        stream: AsyncGenerator[Piece],
        prompt: Prompt,
        on_text: Callable[[str], None],
        on_piece: Callable[[Piece], None],
        *,
        until: Interruption,
    ) -> Generated:
        started = time.monotonic()
        speech = Speech(prompt.speakers)
        reasoning = Reasoning(speech)
        usage, first_word_ms, end, is_refusal = Usage(), None, None, False
        async with until.felt(), aclosing(stream) as pieces:
            async for piece in pieces:
                on_piece(piece)
                usage, end = piece.usage or usage, end or piece.end
                is_refusal = is_refusal or piece.is_refusal
                shown = speech.text
                reasoning.feed(piece.text)
                if speech.text != shown:
                    first_word_ms = first_word_ms or _ms_since(started)
                    on_text(speech.text)
                if speech.ended:
                    break
        reasoning.finish()
        if not speech.text and not until.why:
            raise empty()
        text = to_sentence_end(speech.text) if end == CUT else speech.text
        times: Usage = {"first_word_ms": first_word_ms, "total_ms": _ms_since(started)}
        if until.why:
            count("AnswersStopped", why=until.why)
            times["stopped"] = until.why
        return Generated(text, {"model": self.name, **usage, **times}, is_refusal, until.why)

    async def _stream(self, prompt: Prompt, timeout_s: float, max_tokens: int) -> AsyncGenerator[Piece]:
        """Asks again without a parameter that the server refuses. Refusals come before any text."""
        over_responses, refused = self._server.has_responses, None
        while True:
            shape = responses_request if over_responses else completions_request
            request = self._server.accepted(shape(self.name, prompt, max_tokens))
            begun = False
            try:
                async with aclosing(self._pieces(request, timeout_s, over_responses=over_responses)) as pieces:
                    async for piece in pieces:
                        begun = begun or bool(piece.text)
                        yield piece
            except RefusedRequestError as error:
                if begun:
                    raise
                if self._server.drop_refused(error.said, request):
                    continue
                if not over_responses or not self._server.may_lack_responses(error.said):
                    raise self._server.clearer(refused, error) from error
                over_responses, refused = False, error
            else:
                self._server.answered(over_responses=over_responses, after_refusal=refused is not None)
                return

    async def _pieces(
        self, request: dict[str, Any], timeout_s: float, *, over_responses: bool
    ) -> AsyncGenerator[Piece]:
        api = self._client.responses if over_responses else self._client.chat.completions
        reader = ResponsesReader() if over_responses else CompletionsReader()
        required: dict[str, Any] = {} if over_responses else {"model": request["model"], "messages": []}
        ended = False
        with translated():
            # As it stands: the client looks through all that is a parameter of its own, a tenth of an answer's CPU.
            asking = api.with_streaming_response.create(**required, stream=True, extra_body=request, timeout=timeout_s)
            async with asking as response:
                async for event in sse.events(response.iter_bytes()):
                    piece = reader.read(event)
                    ended = ended or piece.end is not None
                    yield piece
        if not ended:
            raise broken("the stream ended before the answer did")


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
