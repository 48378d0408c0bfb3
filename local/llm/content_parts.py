"""The parts of messages in requests: texts and pictures, in the shapes of the two endpoints."""

from typing import Any

from local.llm.checks import (
    Check,
    either,
    list_of,
    not_offline,
    one_of,
    record,
    string,
    wrong_type,
)

_DETAIL = one_of("low", "high", "auto", "original")
TEXT = record({"type": one_of("input_text"), "text": string()}, ("type", "text"))
IMAGE = record({"type": one_of("input_image"), "image_url": string(), "detail": _DETAIL}, ("type", "image_url"))
_URL = record({"url": string(), "detail": _DETAIL}, ("url",))
CHAT_TEXT = record({"type": one_of("text"), "text": string()}, ("type", "text"))
CHAT_IMAGE = record({"type": one_of("image_url"), "image_url": _URL}, ("type", "image_url"))


def part_of(text: Check, image: Check) -> Check:
    """One part of a message: its `type` says whether it is a text or a picture."""
    return lambda value, name: (image if isinstance(value, dict) and "image_url" in value else text)(value, name)


def input_item(value: Any, name: str) -> None:
    """A message. Its parts depend on its role: an assistant's text is `output_text`."""
    if not isinstance(value, dict):
        raise wrong_type(value, name, "an object")
    if value.get("type", "message") != "message":
        not_offline(value, f"{name}.type")
    part = part_of(TEXT, IMAGE) if value.get("role") == "user" else TEXT
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
