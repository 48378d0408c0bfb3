"""A prompt as a request of each of the two APIs."""

from collections.abc import Mapping
from typing import Any

from functions.llm_reply.llm.roles import alternating
from functions.llm_reply.prompting.prompt import ChatMessage, Prompt


def responses_request(model: str, prompt: Prompt, max_tokens: int) -> dict[str, Any]:
    """Keeps the conversation's order: the unchanging beginning comes first, for the provider's cache."""
    return {
        "model": model,
        "instructions": prompt.instructions,
        # OpenAI knows a message without its type; llama.cpp knows only the person's.
        "input": [{"type": "message", "role": line.role, "content": _seen_by_responses(line)} for line in prompt.lines],
        "reasoning": {"effort": "none"},
        "max_output_tokens": max_tokens,
        "store": False,
        "prompt_cache_key": prompt.cache_key,
        "safety_identifier": prompt.person,
        **({"text": {"format": {"type": "json_schema", **_schema(prompt.schema)}}} if prompt.schema else {}),
    }


def completions_request(model: str, prompt: Prompt, max_tokens: int) -> dict[str, Any]:
    return {
        "model": model,
        "messages": [{"role": line.role, "content": _seen_by_completions(line)} for line in alternating(prompt)],
        "reasoning_effort": "none",
        "max_completion_tokens": max_tokens,
        "stream_options": {"include_usage": True},
        **(
            {"response_format": {"type": "json_schema", "json_schema": _schema(prompt.schema)}} if prompt.schema else {}
        ),
    }


def _seen_by_responses(line: ChatMessage) -> str | list[dict[str, Any]]:
    if not line.pictures:
        return line.text
    pictures = [{"type": "input_image", "image_url": picture, "detail": "auto"} for picture in line.pictures]
    return [{"type": "input_text", "text": line.text}, *pictures]


def _seen_by_completions(line: ChatMessage) -> str | list[dict[str, Any]]:
    if not line.pictures:
        return line.text
    pictures = [{"type": "image_url", "image_url": {"url": picture}} for picture in line.pictures]
    return [{"type": "text", "text": line.text}, *pictures]


def _schema(schema: Mapping[str, Any]) -> dict[str, Any]:
    return {"name": "answer", "strict": True, "schema": schema}
