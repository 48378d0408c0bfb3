"""The parameters of speech, and the events of a Realtime session."""

from local.llm.checks import (
    decimal,
    integer,
    list_of,
    one_of,
    record,
    string,
)
from local.llm.content_parts import TEXT

SPEECH = record(
    {
        "model": string(),
        "input": string(),
        "voice": string(),
        "instructions": string(),
        "response_format": one_of("mp3", "opus", "aac", "flac", "wav", "pcm"),
        "speed": decimal(0.25, 4),
        "stream_format": one_of("audio"),
    },
    ("model", "input", "voice"),
)
_OUTPUT = record(
    {
        "voice": string(),
        "format": record({"type": one_of("audio/pcm"), "rate": integer(24_000, 24_000)}, ("type",)),
        "speed": decimal(0.25, 1.5),
    }
)
_SESSION = record(
    {
        "type": one_of("realtime"),
        "instructions": string(),
        "output_modalities": list_of(one_of("audio", "text")),
        "audio": record({"output": _OUTPUT}),
        "reasoning": record({"effort": one_of("minimal", "low", "medium", "high", "xhigh")}),
        "max_output_tokens": integer(1, 4096),
    },
    ("type",),
)
_REALTIME_ITEM = record(
    {"type": one_of("message"), "role": one_of("user"), "content": list_of(TEXT)},
    ("type", "role", "content"),
)
_EVENT = {"type": string(), "event_id": string()}
# By the event's type.
REALTIME_EVENTS = {
    "session.update": record({**_EVENT, "session": _SESSION}, ("session",)),
    "conversation.item.create": record({**_EVENT, "item": _REALTIME_ITEM}, ("item",)),
    "response.create": record(_EVENT),
}
