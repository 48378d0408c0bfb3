"""The prompt for strict servers: one system message, then user and assistant in turn.

The chat templates of Mistral, Gemma and others refuse anything else, or drop what they don't expect.
"""

from collections.abc import Iterable
from itertools import groupby

from functions.llm_reply.prompting.prompt import ChatMessage, Prompt

# Marked, so that neither the model nor a reader takes it for the person's own words.
NOTE = "[Note from the storyteller, not from {person}: {text}]"
OPENING = "{person} has opened the chat. Greet them."


def alternating(prompt: Prompt) -> list[ChatMessage]:
    """Developer messages before the conversation join the system message; later ones become notes."""
    lines = list(prompt.lines)
    head = [prompt.instructions]
    while lines and lines[0].role == "developer":
        head.append(lines.pop(0).text)
    turns = [_as_user(line, prompt.speakers.person) for line in lines]
    if turns and turns[0].role == "assistant":
        turns.insert(0, _note(OPENING, prompt.speakers.person))
    return [ChatMessage("system", "\n\n".join(head)), *_merged(turns)]


def _as_user(line: ChatMessage, person: str) -> ChatMessage:
    return line if line.role in {"user", "assistant"} else _note(line.text, person)


def _note(text: str, person: str) -> ChatMessage:
    person = person or "the user"
    return ChatMessage("user", NOTE.format(person=person, text=text.replace("{person}", person)))


def _merged(lines: Iterable[ChatMessage]) -> Iterable[ChatMessage]:
    for role, run in groupby(lines, lambda line: line.role):
        yield ChatMessage(role, "\n\n".join(line.text for line in run))
