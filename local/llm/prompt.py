"""The prompt in a request, the same for both endpoints."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Message:
    """`pictures`: their URLs."""

    role: str  # "user" or "assistant"
    text: str
    pictures: tuple[str, ...] = ()


@dataclass(frozen=True)
class Prompt:
    instructions: str
    messages: tuple[Message, ...]

    @property
    def said(self) -> str:
        """The person's last message, or ""."""
        return next((message.text for message in reversed(self.messages) if message.role == "user"), "")

    @property
    def pictures(self) -> tuple[str, ...]:
        """The pictures of the person's last message."""
        return next((message.pictures for message in reversed(self.messages) if message.role == "user"), ())

    def rendered(self) -> str:
        """The whole prompt, in the order that prompt caching uses."""
        return "\n".join([self.instructions, *(f"{message.role}: {message.text}" for message in self.messages)])


def from_response_request(body: Mapping[str, Any]) -> Prompt:
    given = body["input"]
    items = [{"role": "user", "content": given}] if isinstance(given, str) else given
    return _collected(body.get("instructions") or "", items)


def from_completion_request(body: Mapping[str, Any]) -> Prompt:
    return _collected("", body["messages"])


def _collected(instructions: str, items: Iterable[Mapping[str, Any]]) -> Prompt:
    """System and developer messages count as instructions at any position."""
    guidance = [instructions] if instructions else []
    messages = []
    for item in items:
        text = _text(item["content"])
        if item["role"] in {"system", "developer"}:
            guidance.append(text)
        else:
            messages.append(Message(item["role"], text, _pictures(item["content"])))
    return Prompt("\n".join(guidance), tuple(messages))


def _pictures(content: str | list[Mapping[str, Any]]) -> tuple[str, ...]:
    """`image_url` is a URL, or in Chat Completions an object with one."""
    named = [part["image_url"] for part in content if "image_url" in part] if isinstance(content, list) else []
    return tuple(found if isinstance(found, str) else found["url"] for found in named)


def _text(content: str | list[Mapping[str, Any]]) -> str:
    if isinstance(content, str):
        return content
    return "".join(part.get("text") or part.get("refusal") or "" for part in content)
