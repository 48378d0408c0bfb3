"""The prompt for strict servers: one system message, then user and assistant in turn, the person's words last.

The chat templates of Mistral, Gemma and others refuse anything else, or drop what they don't expect.
"""

from collections.abc import Iterable, Sequence
from itertools import groupby

from functions.llm_reply.prompting import house
from functions.llm_reply.prompting.data_marks import without_marks
from functions.llm_reply.prompting.prompt import ChatMessage, Prompt

# The person can't write these tags: in their own words they are broken.
NOTE = "<note>\n{text}\n</note>"


def alternating(prompt: Prompt) -> list[ChatMessage]:
    """Developer messages before the conversation join the system message; later ones become notes.

    Notes after the person's newest message move before it: the model would answer a note at the end.
    """
    lines = list(prompt.lines)
    head = [prompt.instructions]
    while lines and lines[0].role == "developer":
        head.append(lines.pop(0).text)
    turns = [_in_turn(line) for line in _words_last(lines)]
    if turns and turns[0].role == "assistant":
        turns.insert(0, _note(house.OPENED))
    return [ChatMessage("system", "\n\n".join(head)), *_merged(turns)]


def _words_last(lines: Sequence[ChatMessage]) -> list[ChatMessage]:
    """Moves the lines after the person's newest message before it: a developer's lines, or a card's for the character.

    They stay if the person has not written since the answer: a developer's line says so then.
    """
    newest = next((at for at, line in enumerate(lines) if line.is_newest), None)
    if newest is not None:
        return [*lines[:newest], *lines[newest + 1 :], lines[newest]]
    end = len(lines)
    while end and lines[end - 1].role not in {"user", "assistant"}:
        end -= 1
    if end == len(lines):
        while end and lines[end - 1].role == "assistant":
            end -= 1
    if end and lines[end - 1].role == "user":
        return [*lines[: end - 1], *lines[end:], lines[end - 1]]
    return list(lines)


def _in_turn(line: ChatMessage) -> ChatMessage:
    """The character's lines can't hold the tags either: a card's greeting is one of them."""
    if line.role in {"user", "assistant"}:
        return ChatMessage(line.role, without_marks(line.text), pictures=line.pictures)
    return _note(line.text)


def _note(text: str) -> ChatMessage:
    return ChatMessage("user", NOTE.format(text=text))


def _merged(lines: Iterable[ChatMessage]) -> Iterable[ChatMessage]:
    for role, run in groupby(lines, lambda line: line.role):
        joined = list(run)
        pictures = tuple(picture for line in joined for picture in line.pictures)
        yield ChatMessage(role, "\n\n".join(line.text for line in joined), pictures=pictures)
