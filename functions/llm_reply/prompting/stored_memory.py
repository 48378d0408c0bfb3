"""Reads what a conversation's memory holds for one message: facts, and the parts of the index, in one request."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Self

from troupe import tables
from troupe.conversations.conversation import Conversation
from troupe.memories.facts import PART, Fact, Learned, shared_owner
from troupe.memories.memory_part import read_all
from troupe.memories.segments import Manifest
from troupe.observability import count, logger
from troupe.recall.query import Query


@dataclass(frozen=True)
class StoredMemory:
    """:param parts: of the index, by name"""

    facts: Sequence[Fact] = ()
    parts: Mapping[str, Any] = field(default_factory=dict)

    @classmethod
    def read(cls, conversation: Conversation, query: Query, *, shares: bool) -> Self:
        """Facts learned in this conversation, and what the index says of the query. Empty if the table can't be read.

        :param shares: whether the person shares facts among their characters: then the shared ones are read, too
        """
        owner = conversation.conversation_id
        owners = [owner] if conversation.index else []
        owners += [shared_owner(int(conversation.person_id))] if shares else []
        wanted = Manifest.of(conversation.index).parts_wanted(query.weights) if query.weights else []
        try:
            found = read_all([*((each, PART) for each in owners), *((owner, part) for part in wanted)])
        except tables.ERRORS:
            count("RecallsFailed")
            logger.exception("The memory can't be read")
            return cls()
        learned = [Learned.of({PART: found.get((each, PART), {})}).facts for each in owners]
        facts = {fact.id: fact for some in learned for fact in some}
        return cls(list(facts.values()), {part: found[owner, part] for part in wanted if (owner, part) in found})
