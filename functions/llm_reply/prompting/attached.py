"""Adds pictures to the newest message of a prompt only, so that the provider's cache of the earlier ones holds."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import chain

from functions.llm_reply.prompting import house
from functions.llm_reply.prompting.prompt import ChatMessage, Prompt

_SEEN, _UNSEEN = ChatMessage("developer", house.PICTURES), ChatMessage("developer", house.UNSEEN)


def pictures_in(prompt: Prompt) -> list[str]:
    return list(chain.from_iterable(line.pictures for line in prompt.lines))


def with_pictures(prompt: Prompt, pictures: Sequence[str]) -> Prompt:
    """:param pictures: data URLs"""
    return _told(prompt, _SEEN, tuple(pictures)) if pictures else prompt


def without_pictures(prompt: Prompt) -> Prompt:
    """For a model that can't see, or not this picture."""
    return _told(replace(prompt, lines=tuple(line for line in prompt.lines if line != _SEEN)), _UNSEEN, ())


def _told(prompt: Prompt, note: ChatMessage, pictures: tuple[str, ...]) -> Prompt:
    lines: list[ChatMessage] = []
    for line in prompt.lines:
        lines += [note, replace(line, pictures=pictures)] if line.is_newest else [line]
    return replace(prompt, lines=tuple(lines))
