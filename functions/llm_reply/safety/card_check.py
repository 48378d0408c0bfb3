"""Checks a card or a chat that a person brings or makes: all text that a person may be shown."""

import asyncio
from collections.abc import Iterable, Iterator

from functions.llm_reply.safety.moderation import Moderation
from functions.llm_reply.safety.policy import Action, of_answer
from troupe.characters.book import read_book
from troupe.characters.card import CardData
from troupe.spending.ledger import Spender

# In a long text moderation misses short passages, and it refuses texts that are longer than its model reads.
MAX_PIECE = 8_000
AT_ONCE = 8
# Seconds: longer than for a message, because no person waits for a first word.
TIMEOUT_S = 8


async def is_within_rules(data: CardData, spender: Spender, moderation: Moderation) -> bool:
    """:raises LimitReachedError: see `are_within_rules`"""
    return await are_within_rules(_texts(data), spender, moderation)


async def are_within_rules(texts: Iterable[str], spender: Spender, moderation: Moderation) -> bool:
    """True also if moderation gave no verdict, which it counts itself.

    :raises LimitReachedError: a check costs money, and was not made
    """
    gate = asyncio.Semaphore(AT_ONCE)

    async def passes(piece: str) -> bool:
        async with gate:
            return of_answer(await moderation.flagged(piece, spender, TIMEOUT_S) or ()).action is not Action.REFUSE

    return all(await asyncio.gather(*map(passes, pieces(texts))))


def pieces(texts: Iterable[str]) -> Iterator[str]:
    """Joins neighbouring texts, up to MAX_PIECE characters."""
    piece = ""
    for text in filter(None, map(str.strip, texts)):
        for at in range(0, len(text), MAX_PIECE):
            part = text[at : at + MAX_PIECE]
            if piece and len(piece) + len(part) > MAX_PIECE:
                yield piece
                piece = ""
            piece = f"{piece}\n{part}" if piece else part
    if piece:
        yield piece


def _texts(data: CardData) -> Iterator[str]:
    yield from (data.name, data.nickname, data.description, data.personality, data.scenario, data.system_prompt)
    yield from (data.post_history_instructions, data.mes_example, data.creator_notes, data.first_mes)
    yield from (*data.alternate_greetings, data.extensions.troupe.picture_style)
    yield from map(str, data.creator_notes_multilingual.values())
    yield from (entry.content for entry in read_book(data.character_book).entries if entry.enabled)
