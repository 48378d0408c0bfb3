"""The model, over OpenAI's Responses API; over Chat Completions for compatible servers that have nothing else."""

import asyncio
import time
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
from typing import Any

from openai import AsyncOpenAI

from functions.llm_reply.llm import sse
from functions.llm_reply.llm.error_log import log_refused
from functions.llm_reply.llm.errors import RefusedRequestError, broken, empty, translated
from functions.llm_reply.llm.generation import Generated, Request
from functions.llm_reply.llm.interruption import Interruption
from functions.llm_reply.llm.reasoning import Reasoning
from functions.llm_reply.llm.requests import completions_request, responses_request
from functions.llm_reply.llm.server import Server
from functions.llm_reply.llm.speech import Speech, to_sentence_end
from functions.llm_reply.llm.stream_events import CUT, CompletionsReader, Piece, ResponsesReader, Unseen, Usage
from functions.llm_reply.prompting.attached import pictures_in, without_pictures
from troupe.observability import count


class Model:
    """Asks the server, and remembers for the life of the process what the server does not accept."""

    def __init__(self, client: AsyncOpenAI, name: str) -> None:
        self._client = client
        self.name = name
        self._server = Server()

    async def generate(self, request: Request) -> Generated:
        """:raises ModelError: there is no answer"""
        try:
            with translated():
                async with asyncio.timeout(request.timeout_s):
                    return await self._read(request, self._stream(request))
        except RefusedRequestError as error:
            log_refused(error, request.prompt)
            raise

    async def _read(self, request: Request, stream: AsyncGenerator[Piece]) -> Generated:
        started = time.monotonic()
        speech = Speech(request.prompt.speakers)
        reasoning = Reasoning(speech)
        usage, first_word_ms, end, is_refusal = Usage(), None, None, False
        until = request.interruption or Interruption()
        unseen: Unseen | None = None
        async with until.felt(), aclosing(stream) as pieces:
            async for piece in pieces:
                request.on_piece(piece)
                usage, end = piece.usage or usage, end or piece.end
                is_refusal, unseen = is_refusal or piece.is_refusal, piece.unseen or unseen
                shown = speech.text
                reasoning.feed(piece.text)
                if speech.text != shown:
                    first_word_ms = first_word_ms or _ms_since(started)
                    request.on_text(speech.text)
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
        return Generated(text, {"model": self.name, **usage, **times}, is_refusal, until.why, unseen)

    async def _stream(self, request: Request) -> AsyncGenerator[Piece]:
        """Asks again without a parameter or pictures that the server refuses. Refusals come before any text."""
        over_responses, refused = self._server.has_responses, None
        seen = bool(pictures_in(request.prompt))
        if seen and self._server.is_blind:
            request, seen = _unseen(request), False
            yield Piece(unseen="blind")
        while True:
            shape = responses_request if over_responses else completions_request
            body = self._server.accepted(shape(self.name, request.prompt, request.max_tokens))
            begun = False
            try:
                sent = self._pieces(body, request.timeout_s, over_responses=over_responses)
                async with aclosing(sent) as pieces:
                    async for piece in pieces:
                        begun = begun or bool(piece.text)
                        yield piece
            except RefusedRequestError as error:
                if begun:
                    raise
                if self._server.drop_refused(error.said, body):
                    continue
                goes_on = over_responses and self._server.may_lack_responses(error.said)
                if seen and (why := self._server.unseen(error.said, is_last=not goes_on)):
                    request, seen = _unseen(request), False
                    over_responses, refused = self._server.has_responses, None
                    yield Piece(unseen=why)
                    continue
                if not goes_on:
                    raise self._server.clearer(refused, error) from error
                over_responses, refused = False, error
            else:
                self._server.answered(over_responses=over_responses, after_refusal=refused is not None)
                return

    async def _pieces(self, body: dict[str, Any], timeout_s: float, *, over_responses: bool) -> AsyncGenerator[Piece]:
        api = self._client.responses if over_responses else self._client.chat.completions
        reader = ResponsesReader() if over_responses else CompletionsReader()
        required: dict[str, Any] = {} if over_responses else {"model": body["model"], "messages": []}
        ended = False
        with translated():
            # In extra_body: the client validates its own parameters, which takes a tenth of an answer's CPU.
            asking = api.with_streaming_response.create(**required, stream=True, extra_body=body, timeout=timeout_s)
            async with asking as response:
                async for event in sse.events(response.iter_bytes()):
                    piece = reader.read(event)
                    ended = ended or piece.end is not None
                    yield piece
        if not ended:
            raise broken("the stream ended before the answer did")


def _unseen(request: Request) -> Request:
    return replace(request, prompt=without_pictures(request.prompt))


def _ms_since(started: float) -> int:
    return round((time.monotonic() - started) * 1000)
