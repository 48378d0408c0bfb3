"""The Realtime endpoint, over a WebSocket: text in, speech of tones out, as PCM.

https://developers.openai.com/api/docs/guides/realtime-conversations
"""

import base64
import json
import re
import uuid
from collections.abc import Callable
from typing import Any

from aiohttp import WSMsgType, web

from local.llm.calls import Call
from local.llm.errors import RefusedError, refusal
from local.llm.script import Behaviour
from local.llm.sound import RATE, pcm
from local.llm.sound_parameters import REALTIME_EVENTS
from local.llm.usage import tokens_in

MODELS = ("gpt-realtime-2.1", "gpt-realtime-2.1-mini")
VOICES = ("alloy", "ash", "ballad", "cedar", "coral", "echo", "marin", "sage", "shimmer", "verse")
# Bytes of sound in an event: half a second.
PIECE = RATE
TOKENS_PER_S = 20
# A model that is told to say the words in a tag says those.
TAGGED = re.compile(r"<(\w+)>(.*)</\1>", re.DOTALL)


class Realtime:
    """One connection. `behaviour`: `text` is said instead of the words; a `fault` ends the answer in its middle."""

    def __init__(
        self, socket: web.WebSocketResponse, call: Call, behaviour: Behaviour, seen: Callable[[], None]
    ) -> None:
        self._socket, self._call, self._behaviour, self._seen = socket, call, behaviour, seen
        self._session: dict[str, Any] = {}
        self._words = ""

    async def converse(self) -> None:
        await self._send("session.created", session={"type": "realtime"})
        async for message in self._socket:
            if message.type is not WSMsgType.TEXT:
                continue
            try:
                if not await self._take(json.loads(message.data)):
                    return
            except RefusedError as error:
                await self._send("error", error=error.body())
            except ValueError:
                await self._send("error", error=RefusedError(400, "We could not parse the event.").body())

    async def _take(self, event: Any) -> bool:
        """False if the connection is over.

        :raises RefusedError: the event is refused; the connection stays
        """
        check = REALTIME_EVENTS.get(event.get("type"))
        if check is None:
            raise RefusedError(400, f"Invalid value: '{event.get('type')}'.", "invalid_value", "type")
        check(event, "")
        if event["type"] == "session.update":
            self._update(event["session"])
            await self._send("session.updated", session=self._session)
        elif event["type"] == "conversation.item.create":
            self._words = "\n".join(part["text"] for part in event["item"]["content"])
            self._call.said = self._words
            self._seen()
            await self._send("conversation.item.added", item=event["item"])
        else:
            return await self._answer()
        return True

    def _update(self, session: dict[str, Any]) -> None:
        voice = session.get("audio", {}).get("output", {}).get("voice", "alloy")
        if voice not in VOICES:
            message = f"Invalid value: '{voice}'. Supported values are: {list(VOICES)}."
            raise RefusedError(400, message, "invalid_value", "session.audio.output.voice")
        self._session |= session
        self._call.body = self._session

    async def _answer(self) -> bool:
        tagged = TAGGED.search(self._words)
        words = tagged[2] if tagged else self._words
        said = words if self._behaviour.text is None else self._behaviour.text
        output = self._session.get("audio", {}).get("output", {})
        sound = pcm(said, output.get("voice", "alloy"))
        response = {"id": f"resp_{uuid.uuid4().hex}", "object": "realtime.response"}
        await self._send("response.created", response=response | {"status": "in_progress"})
        of = {"response_id": response["id"], "item_id": "item_1", "output_index": 0, "content_index": 0}
        for at in range(0, len(sound), PIECE):
            piece = base64.b64encode(sound[at : at + PIECE]).decode()
            await self._send("response.output_audio.delta", delta=piece, **of)
            if self._behaviour.fault:
                self._call.outcome = self._behaviour.fault
                return await self._break_off(response)
        if self._behaviour.finish != "stop":
            self._call.outcome = self._behaviour.finish
            cut = {"type": "incomplete", "reason": self._behaviour.finish}
            await self._send("response.done", response=response | {"status": "incomplete", "status_details": cut})
            return True
        await self._send("response.output_audio.done", **of)
        await self._send("response.output_audio_transcript.done", transcript=said, **of)
        seconds = len(sound) / 2 / RATE
        usage = {"input_tokens": tokens_in(self._words), "output_tokens": round(TOKENS_PER_S * seconds)}
        self._call.outcome, self._call.answer = "answered", said
        await self._send("response.done", response=response | {"status": "completed", "usage": usage})
        return True

    async def _break_off(self, response: dict[str, Any]) -> bool:
        if self._behaviour.fault != "failed":
            await self._socket.close()
            return False
        error = refusal(code=self._behaviour.code or "server_error")
        details = {"type": "failed", "error": {"type": error.type, "code": error.code}}
        await self._send("response.done", response=response | {"status": "failed", "status_details": details})
        return True

    async def _send(self, kind: str, **fields: Any) -> None:
        await self._socket.send_json({"type": kind, "event_id": f"event_{uuid.uuid4().hex}", **fields})
