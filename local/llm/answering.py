"""Answers a request: checks it, takes a scripted or improvised answer, and sends it."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from aiohttp import web

from local.llm import completions, prompt, requests, responses
from local.llm.answer import Answer, refused, worded
from local.llm.calls import RAW, Call
from local.llm.catalogue import CATALOGUE, Model, find_model
from local.llm.delivery import Delivery, Reply
from local.llm.errors import refusal
from local.llm.images import check_image_request, image_answer
from local.llm.moderations import decision, flagged_in, moderation, read_inputs
from local.llm.realtime import MODELS as REALTIME_MODELS
from local.llm.realtime import Realtime
from local.llm.script import Behaviour, Script
from local.llm.sight import picture_tokens
from local.llm.speech import check_speech_request, sound_of
from local.llm.transcriptions import WORDS, read_form
from local.llm.usage import PromptCache, Usage, tokens_in

# Makes the model's text if no script gives one.
Words = Callable[[prompt.Prompt], str]


@dataclass(frozen=True)
class _Format:
    """The differences between the two endpoints that answer."""

    check: Callable[[Any], Model]
    read: Callable[[dict[str, Any]], prompt.Prompt]
    reply: Callable[[dict[str, Any], Answer, Usage], Reply]
    limits: tuple[str, ...]


_FORMATS = {
    "responses": _Format(
        requests.check_response_request, prompt.from_response_request, responses.ResponsesReply, ("max_output_tokens",)
    ),
    "chat/completions": _Format(
        requests.check_completion_request,
        prompt.from_completion_request,
        completions.CompletionReply,
        ("max_completion_tokens", "max_tokens"),
    ),
}


class Answering:
    def __init__(
        self, script: Script, pace: float, words: Words, stopping: asyncio.Event, seen: Callable[[], None]
    ) -> None:
        """:param seen: called when the call's `said` is set"""
        self._script = script
        self._pace = pace
        self._words = words
        self._stopping = stopping
        self._seen = seen
        self._cache = PromptCache()

    async def answer(self, request: web.Request, call: Call) -> web.StreamResponse:
        """:raises RefusedError: the request is invalid, or the script refuses it"""
        wire = _FORMATS[call.endpoint]
        model = wire.check(call.body)
        asked = wire.read(call.body)
        prompt_tokens = tokens_in(asked.rendered()) + sum(map(picture_tokens, asked.pictures))
        if prompt_tokens > model.context:
            raise refusal(code="context_length_exceeded", param="input")
        call.said = asked.said
        self._seen()
        behaviour = self._behaviour(call)
        delivery = self._delivery(request, behaviour)
        if (ended := await self._ended_early(call, delivery)) is not None:
            return ended
        limit = next((call.body[name] for name in wire.limits if call.body.get(name)), None)
        answer = self._worded(asked, behaviour, limit)
        call.answer = answer.text
        cached = self._cache.cached_tokens(model.name, call.body.get("prompt_cache_key"), asked.rendered())
        reply = wire.reply(call.body, answer, Usage(prompt_tokens, cached, tokens_in(answer.text)))
        response = await (delivery.stream(reply) if call.body.get("stream") else delivery.whole(reply))
        call.outcome = behaviour.fault or "answered"
        return response

    async def moderate(self, request: web.Request, call: Call) -> web.StreamResponse:
        """:raises RefusedError: as :meth:`answer`"""
        requests.check_moderation_request(call.body)
        texts = read_inputs(call.body["input"])
        call.said = "\n".join(texts)
        self._seen()
        behaviour = self._behaviour(call)
        if (ended := await self._ended_early(call, self._delivery(request, behaviour))) is not None:
            return ended
        name = call.body.get("model") or "omni-moderation-latest"
        call.outcome = "answered"
        return web.json_response(moderation(name, texts, behaviour.flagged))

    async def transcribe(self, request: web.Request, call: Call) -> web.StreamResponse:
        """:raises RefusedError: as :meth:`answer`"""
        call.body = read_form(request.headers.get("Content-Type", ""), request[RAW])
        self._seen()
        behaviour = self._behaviour(call)
        if (ended := await self._ended_early(call, self._delivery(request, behaviour))) is not None:
            return ended
        call.outcome = "answered"
        return web.json_response({"text": WORDS if behaviour.text is None else behaviour.text})

    async def draw(self, request: web.Request, call: Call) -> web.StreamResponse:
        """:raises RefusedError: as :meth:`answer`"""
        check_image_request(call.body)
        call.said = call.body["prompt"]
        self._seen()
        behaviour = self._behaviour(call)
        if (ended := await self._ended_early(call, self._delivery(request, behaviour))) is not None:
            return ended
        answer = await asyncio.to_thread(image_answer, call.body)
        call.outcome = "answered"
        return web.json_response(answer)

    async def speak(self, request: web.Request, call: Call) -> web.StreamResponse:
        """:raises RefusedError: as :meth:`answer`"""
        check_speech_request(call.body)
        call.said = call.body["input"]
        self._seen()
        behaviour = self._behaviour(call)
        if (ended := await self._ended_early(call, self._delivery(request, behaviour))) is not None:
            return ended
        sound, content_type = await asyncio.to_thread(sound_of, call.body)
        call.outcome = "answered"
        return web.Response(body=sound, content_type=content_type)

    async def converse(self, request: web.Request, call: Call) -> web.StreamResponse:
        """:raises RefusedError: as :meth:`answer`, before the connection becomes a WebSocket"""
        if request.query.get("model") not in REALTIME_MODELS:
            raise refusal(code="model_not_found", param="model")
        behaviour = self._behaviour(call)
        if (ended := await self._ended_early(call, self._delivery(request, behaviour))) is not None:
            return ended
        socket = web.WebSocketResponse()
        await socket.prepare(request)
        await Realtime(socket, call, behaviour, self._seen).converse()
        return socket

    async def decide(self, request: web.Request, call: Call) -> web.StreamResponse:
        """:raises RefusedError: as :meth:`answer`"""
        requests.check_decision_request(call.body)
        call.said = "\n".join(read_inputs(call.body["input"]))
        self._seen()
        behaviour = self._behaviour(call)
        if (ended := await self._ended_early(call, self._delivery(request, behaviour))) is not None:
            return ended
        call.outcome = "answered"
        names = [question.get("name") for question in call.body["questions"]]
        flagged = behaviour.flagged or flagged_in(call.said)
        return web.json_response(decision(call.body["model"], names, flagged, tokens_in(call.said)))

    async def offer(self, request: web.Request, call: Call) -> web.StreamResponse:
        """:raises RefusedError: as :meth:`answer`"""
        behaviour = self._behaviour(call)
        if (ended := await self._ended_early(call, self._delivery(request, behaviour))) is not None:
            return ended
        name = request.match_info.get("name")
        call.outcome = "answered"
        if name is not None:
            return web.json_response(find_model(name).entry())
        return web.json_response(
            {"object": "list", "data": [model.entry() for model in CATALOGUE.values() if not model.gone()]}
        )

    async def _ended_early(self, call: Call, delivery: Delivery) -> web.StreamResponse | None:
        """The response of a dropped connection, or the body that a script gives byte for byte; None to answer."""
        if not await delivery.begin():
            call.outcome = "disconnect"
            return web.Response()
        if delivery.behaviour.raw is not None:
            call.outcome = "raw"
            return delivery.raw()
        return None

    def _behaviour(self, call: Call) -> Behaviour:
        return self._script.take(call) or Behaviour()

    def _delivery(self, request: web.Request, behaviour: Behaviour) -> Delivery:
        pace = self._pace if behaviour.delta_delay is None else behaviour.delta_delay
        return Delivery(request, behaviour, pace, self._stopping)

    def _worded(self, asked: prompt.Prompt, behaviour: Behaviour, limit: int | None) -> Answer:
        if behaviour.refusal is not None:
            return refused(behaviour.refusal)
        text = self._words(asked) if behaviour.text is None else behaviour.text
        return worded(text, limit, behaviour.finish)
