"""The parameters of each endpoint. Other parameters are refused by name."""

from typing import Any

from local.llm.checks import (
    Check,
    boolean,
    decimal,
    either,
    integer,
    list_of,
    mapping_of,
    not_offline,
    one_of,
    record,
    string,
    wrong_type,
)

_EFFORT = one_of("none", "minimal", "low", "medium", "high", "xhigh", "max")
_CACHE = record({"mode": one_of("implicit", "explicit"), "ttl": one_of("30m", "12h")})
_SHARED = {
    "model": string(),
    "metadata": mapping_of(string(512), 16),
    "parallel_tool_calls": boolean,
    "prompt_cache_key": string(64),
    "prompt_cache_options": _CACHE,
    "prompt_cache_retention": one_of("in_memory", "24h"),
    "safety_identifier": string(128),
    "service_tier": one_of("auto", "default", "flex", "priority", "fast"),
    "store": boolean,
    "stream": boolean,
    "temperature": decimal(0, 2),
    "top_logprobs": integer(0, 20),
    "top_p": decimal(0, 1),
    "user": string(),
    **dict.fromkeys(("moderation", "tools", "tool_choice"), not_offline),
}


def _schema(value: Any, name: str) -> None:
    if not isinstance(value, dict):
        raise wrong_type(value, name, "an object")


# The offline model writes JSON only where it was scripted: it does not hold itself to the schema.
_FORMAT = {"name": string(64), "strict": boolean, "schema": _schema, "description": string()}
_DETAIL = one_of("low", "high", "auto", "original")
_TEXT = record({"type": one_of("input_text"), "text": string()}, ("type", "text"))
_IMAGE = record({"type": one_of("input_image"), "image_url": string(), "detail": _DETAIL}, ("type", "image_url"))
_URL = record({"url": string(), "detail": _DETAIL}, ("url",))
_CHAT_TEXT = record({"type": one_of("text"), "text": string()}, ("type", "text"))
_CHAT_IMAGE = record({"type": one_of("image_url"), "image_url": _URL}, ("type", "image_url"))


def _part(text: Check, image: Check) -> Check:
    """Of a message: a text or a picture, told apart by their types."""
    return lambda value, name: (image if isinstance(value, dict) and "image_url" in value else text)(value, name)


def _input_item(value: Any, name: str) -> None:
    """A message. Its parts depend on its role: an assistant's text is `output_text`."""
    if not isinstance(value, dict):
        raise wrong_type(value, name, "an object")
    if value.get("type", "message") != "message":
        not_offline(value, f"{name}.type")
    part = _part(_TEXT, _IMAGE) if value.get("role") == "user" else _TEXT
    extra = {}
    if value.get("role") == "assistant":
        part = _assistant_part
        extra = {"id": string(), "phase": one_of("commentary", "final_answer")}
    record(
        {
            "type": one_of("message"),
            "role": one_of("user", "assistant", "system", "developer"),
            "content": either(string(), list_of(part)),
            "status": one_of("in_progress", "completed", "incomplete"),
            **extra,
        },
        ("role", "content"),
    )(value, name)


def _assistant_part(value: Any, name: str) -> None:
    record(
        {
            "type": one_of("output_text", "refusal"),
            "text": string(),
            "refusal": string(),
            "annotations": list_of(record({})),
            "logprobs": list_of(record({})),
        },
        ("type",),
    )(value, name)


RESPONSE = record(
    _SHARED
    | {
        "input": either(string(), list_of(_input_item)),
        "instructions": string(),
        "include": list_of(one_of("reasoning.encrypted_content")),
        "max_output_tokens": integer(16),
        "max_tool_calls": integer(1),
        "reasoning": record(
            {"effort": _EFFORT, "summary": one_of("auto", "concise", "detailed"), "mode": one_of("standard", "pro")}
        ),
        "stream_options": record({"include_obfuscation": boolean}),
        "text": record(
            {
                "format": record({"type": one_of("text", "json_schema"), **_FORMAT}, ("type",)),
                "verbosity": one_of("low", "medium", "high"),
            }
        ),
        "truncation": one_of("auto", "disabled"),
        "previous_response_id": string(),
        **dict.fromkeys(
            (
                "access_programs",
                "background",
                "background_options",
                "context_management",
                "conversation",
                "image",
                "prompt",
            ),
            not_offline,
        ),
    },
    ("model",),
)

_CHAT_MESSAGE = record(
    {
        "role": one_of("developer", "system", "user", "assistant"),
        "content": either(string(), list_of(_part(_CHAT_TEXT, _CHAT_IMAGE))),
        "name": string(64),
        "refusal": string(),
    },
    ("role", "content"),
)
COMPLETION = record(
    _SHARED
    | {
        "messages": list_of(_CHAT_MESSAGE),
        "frequency_penalty": decimal(-2, 2),
        "presence_penalty": decimal(-2, 2),
        "logprobs": boolean,
        "logit_bias": mapping_of(decimal(-100, 100), 300),
        "max_completion_tokens": integer(1),
        "max_tokens": integer(1),
        "n": integer(1, 1),
        "reasoning_effort": _EFFORT,
        "response_format": record(
            {"type": one_of("text", "json_schema"), "json_schema": record(_FORMAT, ("name", "schema"))}, ("type",)
        ),
        "seed": integer(-(2**63), 2**63),
        "stop": either(string(), list_of(string())),
        "stream_options": record({"include_usage": boolean, "include_obfuscation": boolean}),
        "verbosity": one_of("low", "medium", "high"),
        **dict.fromkeys(
            ("audio", "functions", "function_call", "modalities", "prediction", "web_search_options"), not_offline
        ),
    },
    ("model", "messages"),
)
_CHECKED = either(string(), _part(_CHAT_TEXT, _CHAT_IMAGE))
MODERATION = record({"model": string(), "input": either(string(), list_of(_CHECKED))}, ("input",))
_LOOKED_AT = record(
    {"type": one_of("message"), "role": one_of("user"), "content": either(string(), list_of(_part(_TEXT, _IMAGE)))},
    ("role", "content"),
)
_QUESTION = record({"type": one_of("predicate"), "name": string(), "instructions": string()}, ("type", "instructions"))
DECISION = record(
    {
        "model": one_of("gpt-6-luna"),
        "input": either(string(), list_of(_LOOKED_AT)),
        "questions": list_of(_QUESTION),
        "safety_identifier": string(64),
    },
    ("model", "input", "questions"),
)
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
    {"type": one_of("message"), "role": one_of("user"), "content": list_of(_TEXT)},
    ("type", "role", "content"),
)
_EVENT = {"type": string(), "event_id": string()}
# By the event's type.
REALTIME_EVENTS = {
    "session.update": record({**_EVENT, "session": _SESSION}, ("session",)),
    "conversation.item.create": record({**_EVENT, "item": _REALTIME_ITEM}, ("item",)),
    "response.create": record(_EVENT),
}
