"""The prompt: the character's card, Troupe's rules, the earlier turns, and the message to answer.

The unchanging text comes first and the new text last, because providers cache a prompt's beginning.
docs/prompts.md tells the order and why.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from functions.llm_reply.prompting import house
from functions.llm_reply.prompting.data_marks import as_data, as_name
from troupe.characters.card import CardData
from troupe.characters.macros import Macros

_START = re.compile(r"<START>", re.IGNORECASE)


@dataclass(frozen=True)
class Exchange:
    """One turn of the conversation. No text: the person asked to go on. No answer: it was answered with the next."""

    text: str
    answer: str
    message_id: int = 0
    reply_ids: tuple[int, ...] = ()
    at_ms: int = 0


@dataclass(frozen=True)
class ChatMessage:
    """`is_newest`: the message that is to be answered. A card's lines may stand behind it.

    `pictures`: data URLs, which no log may show.
    """

    role: str
    text: str
    is_newest: bool = field(default=False, compare=False)
    pictures: tuple[str, ...] = field(default=(), repr=False)


@dataclass(frozen=True)
class AtDepth:
    """A line that stands so many messages before the prompt's end: 0 is behind the newest message."""

    depth: int
    line: ChatMessage


@dataclass(frozen=True)
class Speakers:
    """The names of the character and the person."""

    character: str = ""
    person: str = ""


@dataclass(frozen=True)
class Prompt:
    """`instructions` is the system message; `lines` is the conversation, with the message to answer at its end."""

    instructions: str
    lines: tuple[ChatMessage, ...]
    # The provider's cache knows the prompt's unchanging beginning by this.
    cache_key: str
    # The person's pseudonym, for the provider's abuse checks.
    person: str
    speakers: Speakers = Speakers()
    # The JSON schema that the answer should have, where the server can hold a model to one.
    schema: Mapping[str, Any] | None = None


def instructions(data: CardData, macros: Macros, before: Sequence[str] = (), after: Sequence[str] = ()) -> str:
    """The house's opening, the character as the card's author wrote it, and the rules that no card can take away.

    :param before: entries of the card's book that always stand before the character, as they are in the book
    """
    sections = [
        *before,
        data.description,
        _titled("Personality", data.personality),
        _titled("Scene", data.scenario),
        _titled("How {{char}} talks", examples("" if data.extensions.troupe.omit_examples else data.mes_example)),
        *after,
    ]
    card = macros.fill("\n\n".join(section.strip() for section in sections if section.strip()))
    opening = house.OPENING.format(char=as_name(macros.char), user=as_name(macros.user))
    told = [opening, _system_prompt(data, macros), f"{house.CARD}\n{as_data('card', card)}" if card.strip() else ""]
    return "\n\n".join([*filter(None, told), house.RULES])


def _system_prompt(data: CardData, macros: Macros) -> str:
    own = macros.fill(data.system_prompt, original=house.DEFAULT_SYSTEM_PROMPT)
    return f"{house.AUTHOR}\n{as_data('author', own)}" if own.strip() else house.DEFAULT_SYSTEM_PROMPT


def examples(written: str) -> str:
    """The example dialogues with a line between them; empty if there is nothing but <START>."""
    dialogues = [dialogue.strip() for dialogue in _START.split(written)]
    return "\n".join(f"---\n{dialogue}" for dialogue in dialogues if dialogue)


def memory(facts: Sequence[str], summary: str | None) -> str:
    """Facts and summary; empty if there are none."""
    listed = "\n".join(f"- {' '.join(fact.split())}" for fact in facts)
    known = f"{house.FACTS}\n{as_data('facts', listed)}" if facts else ""
    so_far = f"{house.SUMMARY}\n{as_data('summary', summary)}" if summary and summary.strip() else ""
    return "\n\n".join(filter(None, (known, so_far)))


def conversation(
    data: CardData,
    macros: Macros,
    *,
    remembered: str,
    greeting: str,
    past: Iterable[Exchange],
    message: Exchange,
    before_message: Sequence[str] = (),
    at_depth: Sequence[AtDepth] = (),
    instead: str = house.GO_ON,
) -> tuple[ChatMessage, ...]:
    """Memory, the greeting, the earlier turns, the message, and the card's instructions that come after it.

    :param before_message: text right before the message, marked as data already. It changes from turn to turn, so the
        provider caches nothing after it
    :param instead: the developer message in place of the person's, if they wrote none
    """
    spoken = [ChatMessage("assistant", greeting)] if greeting else []
    for exchange in past:
        spoken += [ChatMessage("user", exchange.text)] if exchange.text else []
        spoken += [ChatMessage("assistant", exchange.answer)] if exchange.answer else []
    spoken += [ChatMessage("user", message.text, is_newest=True)] if message.text else []
    # Before the line with this index. The deepest ones come first.
    inserted: defaultdict[int, list[ChatMessage]] = defaultdict(list)
    for each in sorted(at_depth, key=lambda each: -each.depth):
        inserted[max(0, len(spoken) - max(0, each.depth))].append(each.line)
    newest = len(spoken) - bool(message.text)
    inserted[newest] += [ChatMessage("developer", text) for text in before_message]
    lines = [ChatMessage("developer", remembered)] if remembered else []
    for place, line in enumerate(spoken):
        lines += [*inserted[place], line]
    lines += [*inserted[len(spoken)], *_reminder(data, macros)]
    return (*lines, *([] if message.text else [ChatMessage("developer", instead)]))


def _reminder(data: CardData, macros: Macros) -> list[ChatMessage]:
    """The card's post-history instructions. The house has none, so {{original}} in them stands for nothing."""
    own = macros.fill(data.post_history_instructions, original="")
    if not own.strip():
        return []
    return [ChatMessage("developer", f"{house.REMINDER}\n{as_data('reminder', own)}\n{house.STANDS}")]


def _titled(title: str, text: str) -> str:
    return f"{title}:\n{text}" if text.strip() else ""
