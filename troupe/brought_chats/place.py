"""Where an imported chat goes: a conversation of its own, and message ids below 0.

Telegram's ids are positive, so none of a message can meet one of these; and what was said in another program stands
before all that was said here. Each chat has a range of its own, below those of the chats before it.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from pynamodb.expressions.update import Action

from troupe.clock import now_ms
from troupe.conversations.conversation import Conversation, conversation_id
from troupe.conversations.turn import Turn
from troupe.memories import facts
from troupe.memories.memory_part import delete_parts, part_names
from troupe.memories.segments import Manifest
from troupe.retention import lasting
from troupe.users import User

# Generations of imported conversations begin here: a restart counts from 0, and must not meet one of them.
FIRST_IMPORTED = 1_000_000
_NAMED = ["person_id", "conversation_id", "imported", "begins_after"]


class ImportedChat(NamedTuple):
    """`asked_by` is the message whose button asked for the import."""

    digest: str
    character_id: str
    turns: int
    asked_by: int


def find(person_id: int, begins_with: str, digest: str) -> Conversation | None:
    """The conversation that the chat has become, or is becoming.

    :param begins_with: the conversation's id without its generation
    """
    found = next((each for each in _all(person_id, begins_with) if _is_of(each, digest)), None)
    return Conversation.find(person_id, str(found.conversation_id)) if found else None


def was_imported(person_id: int, digest: str) -> bool:
    """All conversations of the person, with any character."""
    return any(_is_of(each, digest) for each in _all(person_id))


def reserve(user: User, begins_with: str, chat: ImportedChat) -> Conversation:
    """Makes a new conversation, with ids for its turns. The conversation so far with the character stays as it is.

    Only the jobs of one message group may reserve for a person: two at once would take the same ids.
    """
    person_id, now = int(user.user_id), user.generation(chat.character_id)
    taken = {generation_of(each) for each in _all(person_id, begins_with)}
    generation = max(FIRST_IMPORTED - 1, now, *taken) + 1
    floor = min((int(each.begins_after) for each in _all(person_id)), default=0) - chat.turns - 1
    imported = {
        "digest": chat.digest,
        "through": floor + chat.turns,
        "asked_by": chat.asked_by,
        "instead_of": now if now in taken else None,
    }
    conversation = Conversation(person_id, f"{begins_with}{generation}")
    # Facts are learned, and turns indexed, from there on.
    facts.change(conversation.conversation_id, lambda known: replace(known, through=floor))
    actions: list[Action] = [
        Conversation.imported.set(imported),
        Conversation.begins_after.set(floor),
        Conversation.summarised_through.set(floor),
        Conversation.index.set(Manifest(through=floor).stored),
        lasting(Conversation.expires_at, now_ms()),
    ]
    conversation.update(actions=actions)
    return conversation


def give_back(conversation: Conversation, chat_id: int, message_ids: Sequence[int]) -> None:
    """Deletes the conversation with these turns, and all that was made of them."""
    with Turn.batch_write() as batch:
        for message_id in message_ids:
            batch.delete(Turn(chat_id, message_id))
    delete_parts(conversation.conversation_id, part_names(conversation.conversation_id))
    with Conversation.batch_write() as conversations:
        conversations.delete(conversation)


def without_generation(chat_id: int, thread_id: int | None, character_id: str) -> str:
    """The common prefix of the ids of a person's conversations with the character, in that topic of the chat."""
    return conversation_id(chat_id, thread_id, character_id).removesuffix("0")


def generation_of(conversation: Conversation) -> int:
    return int(str(conversation.conversation_id).rpartition(":")[2])


def _is_of(conversation: Conversation, digest: str) -> bool:
    return bool(conversation.imported and conversation.imported["digest"] == digest)


def _all(person_id: int, begins_with: str = "") -> list[Conversation]:
    found = Conversation.query(person_id, consistent_read=True, attributes_to_get=_NAMED)
    return [each for each in found if str(each.conversation_id).startswith(begins_with)]
