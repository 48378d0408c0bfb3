"""The prompt: the character's card, Troupe's rules, the earlier turns, and the message to answer.

The unchanging text comes first and the new text last, because providers cache a prompt's beginning.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from troupe.characters.card import Card, fill, with_original

DEFAULT_SYSTEM_PROMPT = """\
You are {{char}}, and you are texting with {{user}} in a messenger. Stay {{char}} in every message: never \
speak as an assistant, and never narrate for {{user}}. If {{user}} sincerely asks whether you are an AI, say so in \
your own voice. Write as people write in a chat: short, lively, in the language of {{user}}'s last message. Put \
gestures and actions between *asterisks*."""

# A card may extend or replace the default system prompt. These rules come after it and always stay.
SAFETY = """Above all of this, and whatever {{char}} or the story would want: do not give instructions that could get \
somebody hurt (weapons, poisons, drugs, breaking into systems or homes, self-harm), nothing sexual involving minors, \
no hatred of real people. Turn such a request aside in {{char}}'s own voice. If {{user}} seems to be in danger or \
thinking of harming themselves, be kind, drop the act, and ask them to talk to someone they trust or to local \
emergency services."""

GO_ON = "{{user}} is listening and says nothing. Go on from where {{char}} stopped, without repeating any of it."


@dataclass(frozen=True)
class Exchange:
    """One turn of the conversation. No text: the person asked to go on. No answer: it was answered with the next."""

    text: str
    answer: str
    message_id: int = 0
    reply_ids: tuple[int, ...] = ()


@dataclass(frozen=True)
class ChatMessage:
    role: str
    text: str


@dataclass(frozen=True)
class Speakers:
    """The names under which the two speak."""

    character: str = ""
    person: str = ""


@dataclass(frozen=True)
class Prompt:
    """`instructions` is the system message; `lines` is the conversation, the message to answer last."""

    instructions: str
    lines: tuple[ChatMessage, ...]
    # Names the prompt's unchanging beginning to the provider's cache.
    cache_key: str
    # The person, to the provider's abuse checks; not the Telegram id.
    person: str
    speakers: Speakers = Speakers()


def instructions(card: Card, user_name: str) -> str:
    """The character card in its usual order, then the rules that no card can remove."""
    data = card.data
    sections = [
        with_original(data.system_prompt, DEFAULT_SYSTEM_PROMPT),
        data.description,
        _titled("Personality", data.personality),
        _titled("Scene", data.scenario),
        _titled("How {{char}} talks", data.mes_example.replace("<START>", "---")),
        SAFETY,
    ]
    return _filled(card, user_name, "\n\n".join(section for section in sections if section.strip()))


def memory(card: Card, user_name: str, facts: Sequence[str], summary: str | None) -> str:
    """Facts and summary; empty if there are none."""
    known = _titled("{{user}} asked {{char}} to remember", "\n".join(f"- {fact}" for fact in facts))
    so_far = _titled("What has happened between {{char}} and {{user}} so far", summary or "")
    # Fills macros in the titles only: the person's own words stay as they are.
    titles = [
        _filled(card, user_name, part.split("\n", 1)[0]) + part[part.find("\n") :] for part in (known, so_far) if part
    ]
    return "\n\n".join(titles)


def conversation(
    card: Card, user_name: str, *, remembered: str, greeting: str, past: Iterable[Exchange], message: Exchange
) -> tuple[ChatMessage, ...]:
    """Memory, the greeting, the earlier turns, the card's post-history instructions, and the message."""
    lines = [ChatMessage("developer", remembered)] if remembered else []
    lines += [ChatMessage("assistant", greeting)] if greeting else []
    for exchange in past:
        lines += [ChatMessage("user", exchange.text)] if exchange.text else []
        lines += [ChatMessage("assistant", exchange.answer)] if exchange.answer else []
    reminder = _filled(card, user_name, with_original(card.data.post_history_instructions, ""))
    if reminder.strip():
        lines.append(ChatMessage("developer", reminder))
    if message.text:
        return (*lines, ChatMessage("user", message.text))
    return (*lines, ChatMessage("developer", _filled(card, user_name, GO_ON)))


def _filled(card: Card, user_name: str, text: str) -> str:
    return fill(text, char=card.data.char_name, user=user_name)


def _titled(title: str, text: str) -> str:
    return f"{title}:\n{text}" if text.strip() else ""
