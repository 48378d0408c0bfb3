"""Server-sent events, read leniently, because compatible servers seldom follow the standard exactly.

OpenAI's own reader stops at a record without data, at a byte that is no UTF-8 and at a server that does not stream.
"""

import json
from collections.abc import AsyncGenerator, AsyncIterable

from functions.llm_reply.llm.errors import broken

# An answer has some kilobytes, and its events repeat it a few times.
MAX_BYTES = 8_000_000
DONE = "[DONE]"


async def events(chunks: AsyncIterable[bytes]) -> AsyncGenerator[object]:
    """The JSON of each event, and DONE. If the server answers with one JSON document instead: that document.

    :raises ModelError: it is no JSON, or there is no end to it
    """
    reading = _Reading()
    size, rest = 0, b""
    async for chunk in chunks:
        size += len(chunk)
        if size > MAX_BYTES:
            raise broken("more than any answer")
        *lines, rest = (rest + chunk).split(b"\n") if b"\n" in chunk else [rest + chunk]
        for line in lines:
            for event in reading.line(line):
                yield event
    for event in reading.line(rest):
        yield event
    for event in reading.end():
        yield event


class _Reading:
    def __init__(self) -> None:
        self._data: list[bytes] = []
        self._name = ""
        # Lines of a body that is one JSON document.
        self._document: list[bytes] = []
        self._begun = False

    def line(self, line: bytes) -> list[object]:
        line = line.strip()
        if self._document or (not self._begun and line[:1] in {b"{", b"["}):
            self._document.append(line)
            return []
        self._begun = self._begun or bool(line)
        if not line:
            return self._dispatch()
        field, _, value = line.partition(b":")
        if field == b"event":
            self._name = value.strip().decode("ascii", "replace")
        if field != b"data" or not value.strip():
            return []
        self._data.append(value.strip())
        # Nearly every event is one line. Some servers leave out the empty line that should follow it.
        found = _parsed(b"\n".join(self._data), self._name)
        if found is None:
            return []
        self._data.clear()
        return [found]

    def end(self) -> list[object]:
        if self._document:
            found = _parsed(b"\n".join(self._document), "")
            if found is None:
                raise broken("a document that is no JSON")
            return [found]
        return self._dispatch()

    def _dispatch(self) -> list[object]:
        self._name = ""
        if self._data:
            raise broken("an event that is no JSON")
        return []


def _parsed(data: bytes, name: str) -> object | None:
    if data == b"[DONE]":
        return DONE
    try:
        found: object = json.loads(data.decode("utf-8", "replace"))
    except (ValueError, RecursionError):
        return None
    if isinstance(found, dict) and name.startswith(("response.", "error")):
        found.setdefault("type", name)
    return found
