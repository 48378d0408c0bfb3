"""The parameters of each endpoint. Other parameters are refused by name."""

from typing import Any

from local.llm.checks import (
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
from local.llm.content_parts import CHAT_IMAGE, CHAT_TEXT, IMAGE, TEXT, input_item, part_of

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
RESPONSE = record(
    _SHARED
    | {
        "input": either(string(), list_of(input_item)),
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
        "content": either(string(), list_of(part_of(CHAT_TEXT, CHAT_IMAGE))),
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
_CHECKED = either(string(), part_of(CHAT_TEXT, CHAT_IMAGE))
MODERATION = record({"model": string(), "input": either(string(), list_of(_CHECKED))}, ("input",))
_LOOKED_AT = record(
    {"type": one_of("message"), "role": one_of("user"), "content": either(string(), list_of(part_of(TEXT, IMAGE)))},
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
