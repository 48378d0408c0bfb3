"""Forgets: a fact with the turns it comes from, turns, or all of a conversation. Nothing of it is left in any row.

The order makes it safe against a worker that learns or sums up at the same time: the turns' words go first, and such a
worker looks at its turns again after it has saved what it made of them.
"""

from collections.abc import Iterable, Sequence

from troupe.conversations import turn_reads, turn_removal
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.conversations.turn_states import WITHDRAWN
from troupe.memories import facts, index_store
from troupe.memories.facts import Learned, shared_owner
from troupe.memories.index_store import IndexChangedError
from troupe.memories.memory_part import delete_parts, part_names
from troupe.memories.segments import Manifest

# Tries, while a job of the same conversation merges its index.
TRIES = 20
PAGE = 100
MAX_ID = (1 << 53) - 1


def forget_fact(conversation: Conversation, chat_id: int, fact_id: str) -> bool:
    """Forgets a fact, its turns, and the facts that it superseded. False if there is no such fact."""
    learned = Learned.read(conversation.conversation_id)
    line = [fact for fact in (*learned.facts, *learned.past) if fact_id in (fact.id, fact.replaced_by)]
    if not line:
        return False
    forget_turns(conversation, chat_id, sorted({source for fact in line for source in fact.sources}))
    return True


def forget_turns(conversation: Conversation, chat_id: int, turn_ids: Sequence[int]) -> None:
    """Forgets turns: their words, index, facts and shared facts; and a summary that may tell of them.

    The next answers make a new summary of the turns that are left.
    """
    for turn_id in turn_ids:
        turn_removal.erase(chat_id, turn_id)
    forget_facts_of(conversation, turn_ids)
    # A summary that was saved since the row was read, with the turns' words still there, passed its worker's check.
    conversation = Conversation.of(int(conversation.person_id), conversation.conversation_id)
    if conversation.summary and min(turn_ids, default=MAX_ID) <= conversation.summarised_through:
        conversation.forget_summary()
    for turn_id in turn_ids:
        erased = Turn.find(chat_id, turn_id)
        if erased:
            _correct(conversation, erased)
    delete_orphans(conversation)


def forget_facts_of(conversation: Conversation, turn_ids: Iterable[int]) -> None:
    sources = [(conversation.conversation_id, int(turn_id)) for turn_id in turn_ids]
    for owner in (conversation.conversation_id, shared_owner(int(conversation.person_id))):
        facts.change(owner, lambda known: known.without(sources))


def forget_all(conversation: Conversation, chat_id: int) -> None:
    """Forgets every turn of the conversation, the memory made of them, and the pinned facts.

    If one invocation is too short for that, a repeat goes on where the first try ended.
    """
    since = int(conversation.begins_after)
    every = list(turn_reads.of_conversation(chat_id, conversation.conversation_id, after=since, through=MAX_ID))
    ids = [int(turn.message_id) for turn in every]
    for turn in every:
        if turn.text or turn.answer or turn.status != WITHDRAWN:
            turn_removal.erase(chat_id, int(turn.message_id))
    forget_facts_of(conversation, ids)
    conversation.forget_all(Manifest(through=ids[-1] if ids else since).stored)
    delete_parts(conversation.conversation_id, part_names(conversation.conversation_id))


def delete_orphans(conversation: Conversation) -> None:
    """Pieces of the index that a dead worker has left, and that nobody reads: they may hold forgotten words."""
    listed = {part for segment in Manifest.of(conversation.index).segments for part in segment.parts}
    delete_parts(conversation.conversation_id, set(part_names(conversation.conversation_id, "index/")) - listed)


def _correct(conversation: Conversation, turn: Turn) -> None:
    """:raises IndexChangedError: the index changes all the time"""
    for attempt in range(TRIES):
        try:
            index_store.correct(conversation, turn)
        except IndexChangedError:
            if attempt == TRIES - 1:
                raise
            conversation.refresh(consistent_read=True)
        else:
            return
