"""The personal data of conversations: messages, memories, and the conversations' own rows."""

from collections.abc import Iterator, Sequence
from itertools import islice

from functions.llm_reply.privacy.data_category import ERASED_AT_ONCE, PAGE, DataSubject, Key, Row, values
from troupe.conversations.conversation import Conversation
from troupe.conversations.turn import Turn
from troupe.memories import facts
from troupe.memories.facts import shared_owner
from troupe.memories.memory_part import MemoryPart, part_names, read_parts

_TURN_KEY, _CONVERSATION_KEY = ["chat_id", "message_id"], ["person_id", "conversation_id"]


class Turns:
    name, models = "turns", (Turn,)

    def rows(self, subject: DataSubject, after: str) -> Iterator[tuple[str, Row]]:
        theirs = Turn.person_id == subject.person_id
        later = Turn.message_id > int(after) if after else None
        for turn in Turn.query(subject.chat_id, later, filter_condition=theirs, page_size=PAGE):
            yield str(int(turn.message_id)), values(turn.attribute_values)

    def keys(self, subject: DataSubject) -> list[Key]:
        theirs = Turn.person_id == subject.person_id
        found = Turn.query(subject.chat_id, filter_condition=theirs, consistent_read=True, attributes_to_get=_TURN_KEY)
        return [int(turn.message_id) for turn in islice(found, ERASED_AT_ONCE)]

    def erase(self, subject: DataSubject, keys: Sequence[Key]) -> None:
        with Turn.batch_write() as batch:
            for message_id in keys:
                batch.delete(Turn(subject.chat_id, message_id))


class Memories:
    """Facts, and the index and vectors of the turns. They are keyed by conversation, so they go before those."""

    name, models = "memories", (MemoryPart,)

    def rows(self, subject: DataSubject, after: str) -> Iterator[tuple[str, Row]]:
        """The facts. Index and vectors are left out: they are made of the turns, and no reader could use them."""
        for owner in _owners(subject):
            found = read_parts(owner, (facts.PART, facts.PAST_PART)) if owner > after else {}
            if found:
                yield owner, {"of": owner, **found}

    def keys(self, subject: DataSubject) -> list[Key]:
        found = ([owner, part] for owner in _owners(subject) for part in part_names(owner))
        return list(islice(found, ERASED_AT_ONCE))

    def erase(self, _subject: DataSubject, keys: Sequence[Key]) -> None:
        with MemoryPart.batch_write() as batch:
            for owner, part in keys:
                batch.delete(MemoryPart(owner, part))


def _owners(subject: DataSubject) -> list[str]:
    """The owners of memories, sorted: the person's conversations, and the person."""
    found = Conversation.query(subject.person_id, consistent_read=True, attributes_to_get=_CONVERSATION_KEY)
    return sorted([shared_owner(subject.person_id), *(str(conversation.conversation_id) for conversation in found)])


class Conversations:
    name, models = "conversations", (Conversation,)

    def rows(self, subject: DataSubject, after: str) -> Iterator[tuple[str, Row]]:
        later = Conversation.conversation_id > after if after else None
        for conversation in Conversation.query(subject.person_id, later, page_size=PAGE):
            yield str(conversation.conversation_id), values(conversation.attribute_values)

    def keys(self, subject: DataSubject) -> list[Key]:
        found = Conversation.query(subject.person_id, consistent_read=True, attributes_to_get=_CONVERSATION_KEY)
        return [str(conversation.conversation_id) for conversation in islice(found, ERASED_AT_ONCE)]

    def erase(self, subject: DataSubject, keys: Sequence[Key]) -> None:
        with Conversation.batch_write() as batch:
            for conversation_id in keys:
                batch.delete(Conversation(subject.person_id, conversation_id))
