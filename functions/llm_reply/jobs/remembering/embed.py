"""Gives the turns in a conversation's index their vectors, in the background."""

import asyncio

from functions.llm_reply.llm.embeddings import Embeddings
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.conversations.turn_reads import SAID
from troupe.memories import vector_store
from troupe.memories.index_store import REMEMBERED
from troupe.memories.memory_part import read_parts
from troupe.memories.segments import Manifest, turn_ids
from troupe.spending.ledger import Spender

# Turns per request, and requests per job. The next job does the rest.
PER_REQUEST, REQUESTS = vector_store.PER_ITEM, 8


async def embed(conversation: Conversation, chat_id: int, embeddings: Embeddings, spender: Spender) -> None:
    places = list(vector_store.places_without(conversation, embeddings.model))[: PER_REQUEST * REQUESTS]
    if not places:
        return
    texts = await asyncio.to_thread(_texts, conversation, chat_id, places)
    for start in range(0, len(places), PER_REQUEST):
        vectors = await embeddings.of(texts[start : start + PER_REQUEST], spender)
        if vectors is None:
            return
        spoken = [
            vector if text else bytes(len(vector))
            for vector, text in zip(vectors, texts[start : start + PER_REQUEST], strict=True)
        ]
        await asyncio.to_thread(vector_store.add, conversation, embeddings.model, places[start], spoken)


def _texts(conversation: Conversation, chat_id: int, places: list[int]) -> list[str]:
    """Message and answer of each turn in one text; empty for a turn that was taken back."""
    segments = Manifest.of(conversation.index).segments
    parts = read_parts(conversation.conversation_id, (segment.ids_part for segment in segments))
    ids = [turn_id for segment in segments for turn_id in turn_ids(segment, parts)]
    wanted = [ids[place] for place in places]
    names = [*SAID, "status"]
    rows = Turn.batch_get([(chat_id, turn_id) for turn_id in wanted], attributes_to_get=names)
    said = {int(row.message_id): f"{row.said}\n{row.answer or ''}".strip() for row in rows if row.status in REMEMBERED}
    return [said.get(turn_id, "") for turn_id in wanted]
