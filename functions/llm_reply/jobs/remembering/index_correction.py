"""Keeps index and facts true when an earlier turn changes: another answer, a swipe, taken back."""

import asyncio
from contextlib import suppress

from troupe import tables
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.memories import index_store
from troupe.memories.facts import FactsChangedError
from troupe.memories.forgetting import forget_facts_of
from troupe.memories.index_store import IndexChangedError


async def correct_index(turn: Turn, conversation: Conversation | None = None) -> None:
    """Reads nothing if the row is given and the turn is too new to be in the index, as it nearly always is.

    If the correction fails, recall finds the turn by its old words, and still shows its present ones.
    """
    if turn.conversation_id is None:
        return
    with suppress(*tables.ERRORS, IndexChangedError):
        if conversation is None:
            conversation = await asyncio.to_thread(Conversation.of, int(turn.person_id), turn.conversation_id)
        await asyncio.to_thread(index_store.correct, conversation, turn)


async def drop_facts(turn: Turn) -> None:
    """Forgets the facts that come from a turn that was taken back."""
    if turn.conversation_id is None:
        return
    with suppress(*tables.ERRORS, FactsChangedError):
        conversation = await asyncio.to_thread(Conversation.of, int(turn.person_id), turn.conversation_id)
        if conversation.index:
            await asyncio.to_thread(forget_facts_of, conversation, [int(turn.message_id)])
